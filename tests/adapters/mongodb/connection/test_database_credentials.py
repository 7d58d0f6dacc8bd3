"""A server that wants credentials: what is wrong is said at once, and is no outage."""

from collections.abc import Iterator

import pytest

from adapters.mongodb import MongoDatabase, MongoProjectRegister
from domain.errors import Advice, AdviceCode, StoreUnusable
from tests.support.servers.mongod import Mongod
from tests.support.servers.mongod import mongod as mongod_process


@pytest.fixture(scope="module")
def guarded() -> Iterator[Mongod]:
    """A server with two users; one may do anything, the other nothing."""
    with mongod_process("--auth", replica_set=False) as server:
        with server.client() as client:
            client.admin.command("createUser", "ada", pwd="right", roles=["root"])
        with server.client("ada:right@") as client:
            client.admin.command("createUser", "bob", pwd="right", roles=[])
        yield server


def url(server: Mongod, credentials: str) -> str:
    return f"mongodb://{credentials}{server.host}/swiftcrm?directConnection=true&authSource=admin"


@pytest.mark.parametrize("patient", [True, False], ids=["service", "command"])
@pytest.mark.parametrize("create", [True, False], ids=["create", "use"])
@pytest.mark.parametrize(
    ("credentials", "said"),
    [("ada:wrong@", "AuthenticationFailed"), ("", "Unauthorized"), ("bob:right@", "Unauthorized")],
    ids=["wrong", "none", "powerless"],
)
async def test_wrong_credentials_are_said_at_once(
    guarded: Mongod, driver: str, credentials: str, said: str, create: bool, patient: bool
) -> None:
    database = MongoDatabase(url(guarded, credentials), driver)

    with pytest.raises(StoreUnusable, match=said) as caught:
        async with database.opened(create=create, patient=patient):
            pass

    assert caught.value.advice == (Advice(AdviceCode.MEND_DATABASE_LOGIN),)
    assert "wrong" not in str(caught.value)


async def test_the_right_credentials_open_it(guarded: Mongod, driver: str) -> None:
    database = MongoDatabase(url(guarded, "ada:right@"), driver)

    async with database.opened(create=True, patient=True):
        assert await MongoProjectRegister(database).all() == []
