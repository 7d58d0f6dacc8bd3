"""A database that an older version wrote becomes one of this version, and keeps what it has."""

from dataclasses import replace
from typing import Any

import pytest
from pymongo import MongoClient

from adapters.mongodb import (
    MongoChannelLog,
    MongoHeldArchive,
    MongoHeldLedger,
    MongoKeyRegister,
    MongoLeadArchive,
    MongoLeadLedger,
    MongoProjectRegister,
    MongoUserRegister,
)
from adapters.mongodb.connection.schema import SCHEMA_VERSION
from domain.channel import ChannelEvent
from domain.errors import NameTaken
from domain.held import HeldRoom
from domain.lead import LeadDetails
from tests.adapters.mongodb.conftest import Open
from tests.contracts.held.holding import held_by
from tests.contracts.recording import record
from tests.support.builders import NOW, a_capture, a_held_call, a_key, a_project, a_user

OWN_DATABASE = True

VERSION_2 = 2
PROJECT = a_project("example.com", release_held_each_month=True)
KEYS = [
    a_key(PROJECT, label="web site", last_used_at=NOW),
    a_key(PROJECT, channel="whatsapp", readable="swk_1"),
    a_key(PROJECT, revoked_at=NOW),
]
Server = MongoClient[dict[str, Any]]


def version_of(server: Server, name: str) -> int:
    about = server[name].about.find_one({"_id": "schema"})
    assert about is not None
    return int(about["version"])


@pytest.fixture
async def store_of_version_2(open_store: Open, server: Server, url: str, name: str) -> str:
    database = await open_store(url)
    await MongoProjectRegister(database).add(PROJECT)
    for key in KEYS:
        await MongoKeyRegister(database).add(key)
    unset = server[name]["keys"].update_many({}, {"$unset": {"for_page": True}})
    assert unset.modified_count == len(KEYS)
    server[name].about.update_one({"_id": "schema"}, {"$set": {"version": VERSION_2}})
    return url


async def test_what_is_there_stays(open_store: Open, store_of_version_2: str) -> None:
    database = await open_store(store_of_version_2)

    assert await MongoProjectRegister(database).all() == [PROJECT]
    assert await MongoKeyRegister(database).of_project(PROJECT.project_id) == KEYS


async def test_a_service_makes_it_a_store_of_this_version(
    open_store: Open, store_of_version_2: str, server: Server, name: str
) -> None:
    await open_store(store_of_version_2, create=True)

    assert version_of(server, name) == SCHEMA_VERSION > VERSION_2


async def test_a_command_leaves_the_version_until_it_makes_a_page_key(
    open_store: Open, store_of_version_2: str, server: Server, name: str
) -> None:
    keys = MongoKeyRegister(await open_store(store_of_version_2, create=False))

    await keys.add(a_key(PROJECT))
    before = version_of(server, name)
    await keys.add(a_key(PROJECT, for_page=True))

    assert before == VERSION_2
    assert VERSION_2 < version_of(server, name) < SCHEMA_VERSION


async def test_a_delivery_of_before_is_taken_to_have_brought_something_and_a_later_one_is_not(
    open_store: Open, store_of_version_2: str
) -> None:
    before = MongoChannelLog(await open_store(store_of_version_2, create=False))
    await before.mark({(PROJECT.project_id, "whatsapp", ChannelEvent.DELIVERY): NOW})

    log = MongoChannelLog(await open_store(store_of_version_2, create=True))
    await log.mark({("prj_new", "whatsapp", ChannelEvent.DELIVERY): NOW})
    await open_store(store_of_version_2, create=True)

    at = (await log.last(PROJECT.project_id, "whatsapp"))[ChannelEvent.DELIVERY]
    assert (await log.last(PROJECT.project_id, "whatsapp"))[ChannelEvent.ITEM] == at
    assert ChannelEvent.ITEM not in await log.last("prj_new", "whatsapp")


async def test_what_was_held_before_has_its_size_and_is_counted_from_now_on(
    open_store: Open, store_of_version_2: str, server: Server, name: str
) -> None:
    held = a_held_call(PROJECT, body="Zoë")
    await MongoHeldLedger(await open_store(store_of_version_2, create=False)).hold([held])
    new = {"size": True, "times": True, "last_at": True}
    assert server[name]["held"].update_many({}, {"$unset": new}).modified_count == 1
    before = MongoHeldArchive(await open_store(store_of_version_2, create=False))
    assert await held_by(before, PROJECT) == [held]
    assert await before.room(PROJECT.project_id, held.code) == HeldRoom(1, 0)

    database = await open_store(store_of_version_2, create=True)
    archive = MongoHeldArchive(database)

    assert await held_by(archive, PROJECT) == [held]
    document = server[name]["held"].find_one({})
    assert document is not None
    size = len("Zoë".encode()) + len(document["capture"])
    assert await archive.room(PROJECT.project_id, held.code) == HeldRoom(1, size)
    await MongoHeldLedger(database).hold_or_count([replace(held, held_id="held_again")])
    assert await held_by(archive, PROJECT) == [replace(held, times=2, last_at=NOW)]


async def test_an_address_is_one_users_before_a_service_of_this_version_has_started(
    open_store: Open, store_of_version_2: str, server: Server, name: str
) -> None:
    server[name].drop_collection("users")
    users = MongoUserRegister(await open_store(store_of_version_2, create=False))
    await users.add(a_user("ada@example.com"))

    with pytest.raises(NameTaken):
        await users.add(a_user("ada@example.com"))


async def test_leads_of_before_are_counted_by_where_they_came_from(
    open_store: Open, server: Server, url: str, name: str
) -> None:
    database = await open_store(url)
    ad = LeadDetails(attributes={"source_type": "ad", "source_id": "12"})
    form = LeadDetails(utm={"utm_source": "Google", "utm_campaign": "Spring"})
    captures = [a_capture(PROJECT, details=one) for one in (ad, form, LeadDetails(name="Ada"))]
    await record(MongoLeadLedger(database), *captures)
    archive = MongoLeadArchive(database)
    (before,) = (await archive.sums([PROJECT.project_id]))[PROJECT.project_id]
    of_before = {"$unset": {"source": "", "campaign": ""}}
    server[name].leads.update_many({}, of_before)
    server[name].about.update_one({"_id": "schema"}, {"$set": {"version": 7}})

    again = MongoLeadArchive(await open_store(url))

    (after,) = (await again.sums([PROJECT.project_id]))[PROJECT.project_id]
    assert set(after.sums) == set(before.sums)
    assert {one.source for one in after.sums} == {"meta", "google", None}
