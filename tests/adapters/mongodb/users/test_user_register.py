from typing import Any

import pytest
from pymongo import MongoClient

from adapters.mongodb import MongoDatabase, MongoUserRegister
from domain.errors import LastAdmin
from tests.contracts.users.user_register import UserRegisterContract, demoted
from tests.support.builders import a_user


class TestMongoUserRegister(UserRegisterContract):
    @pytest.fixture
    def other_users(self, other_database: MongoDatabase) -> MongoUserRegister:
        return MongoUserRegister(other_database)


async def test_an_admin_whose_going_was_cut_short_is_still_one_and_can_be_the_last(
    users: MongoUserRegister, server: MongoClient[dict[str, Any]], name: str
) -> None:
    cut_short, other = a_user(admin=True), a_user(admin=True)
    for user in (cut_short, other):
        await users.add(user)
    killed = {"$set": {"leaving": True}, "$inc": {"revision": 1}}
    assert server[name].users.update_one({"_id": cut_short.user_id}, killed).modified_count == 1

    await users.change(other.user_id, demoted)

    assert await users.find(cut_short.user_id) == cut_short
    with pytest.raises(LastAdmin):
        await users.change(cut_short.user_id, demoted)
