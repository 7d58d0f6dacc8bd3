"""A file that an older version wrote becomes one of this version, and keeps what it has."""

import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.sqlite import (
    SqliteChannelLog,
    SqliteChannelRegister,
    SqliteDatabase,
    SqliteHeldArchive,
    SqliteHeldLedger,
    SqliteKeyRegister,
    SqliteLeadArchive,
    SqliteLeadLedger,
    SqliteProjectRegister,
)
from adapters.sqlite.connection.driver import sqlite3
from adapters.sqlite.connection.moments import to_store, to_store_or_none
from adapters.sqlite.connection.schema import APPLICATION_ID, SCHEMA_VERSION, upgrade
from adapters.store_tools.capture_json import capture_to_json
from domain.api_key import ApiKey
from domain.capture import Kept, KeptAs
from domain.channel import ChannelEvent
from domain.held import UNREADABLE, HeldRoom
from domain.lead import Lead, LeadDetails
from domain.leads.sums import Sum
from tests.adapters.sqlite.conftest import Open
from tests.contracts.held.holding import held_by
from tests.contracts.recording import record_one
from tests.support.builders import (
    NOW,
    a_capture,
    a_held_call,
    a_key,
    a_message,
    a_phone,
    a_project,
)

PROJECT = a_project(name="Acme", monthly_limit=5, require_origin=True)
MESSAGE = a_message("wamid.1")
LEAD = Lead(
    project_id=PROJECT.project_id,
    lead_id=7,
    channel="whatsapp",
    captured_at=NOW,
    request_id="req_1",
    details=LeadDetails(name="Ada"),
    messages=(MESSAGE,),
)
KEYS = [
    a_key(PROJECT, label="web site", last_used_at=NOW),
    a_key(PROJECT, channel="whatsapp", readable="swk_1"),
    a_key(PROJECT, revoked_at=NOW),
]
SETTINGS = '{"domains":[],"monthly_limit":5,"require_origin":true}'
AT = to_store(NOW)
NO_KEY, ADA = (None, None), '{"name":"Ada"}'
RAW = ("req_1", "{}")


def fill(file: sqlite3.Connection, *rows: tuple[Any, ...]) -> None:
    for table, *row in rows:
        file.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)


def row_of(key: ApiKey) -> tuple[Any, ...]:
    moments = (to_store(key.created_at), *map(to_store_or_none, (key.last_used_at, key.revoked_at)))
    first = (key.key_id, key.project_id, key.digest, key.hint, key.label)
    return ("keys", *first, *moments, key.channel, key.readable)


def write(path: Path, version: int) -> None:
    """A file of *version*, with one of everything that version 1 knew."""
    project_id = PROJECT.project_id
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        upgrade(file, 0, 1)
        file.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        fill(
            file,
            ("projects", project_id, "Acme", AT, SETTINGS),
            *map(row_of, KEYS),
            ("channel_settings", project_id, "whatsapp", "ids", '["1","2"]'),
            ("leads", project_id, 7, "req_1", "whatsapp", AT, "2026-11", 1, "req_1", *NO_KEY, ADA),
            ("identities", project_id, "whatsapp", "phone", "12025550147", 7),
            ("messages", 1, project_id, "whatsapp", "wamid.1", 7, "text", "hello", AT, *RAW),
        )
        upgrade(file, 1, version)


@pytest.fixture(params=range(1, SCHEMA_VERSION))
def database(open_store: Open, path: Path, request: pytest.FixtureRequest) -> SqliteDatabase:
    """A file of an older version, opened by this version."""
    write(path, request.param)
    return open_store(path)


async def test_what_is_there_stays(database: SqliteDatabase) -> None:
    channels = SqliteChannelRegister(database)

    assert await SqliteProjectRegister(database).all() == [PROJECT]
    assert await SqliteKeyRegister(database).of_project(PROJECT.project_id) == KEYS
    assert await SqliteLeadArchive(database).get(PROJECT.project_id, 7) == LEAD
    assert await channels.get(PROJECT.project_id, "whatsapp") == {"ids": ["1", "2"]}
    assert await channels.projects_with("whatsapp", "ids", "2") == [PROJECT.project_id]


async def test_who_is_known_stays_known_and_numbers_go_on(database: SqliteDatabase) -> None:
    ledger = SqliteLeadLedger(database)
    known = a_capture(PROJECT, channel="whatsapp", identities=(a_phone("12025550147"),))
    tried_before = a_capture(PROJECT, capture_id="req_1")

    assert await record_one(ledger, known) == Kept(7, KeptAs.KNOWN_PERSON)
    assert await record_one(ledger, tried_before) == Kept(7, KeptAs.NEW)
    assert await record_one(ledger, a_capture(PROJECT)) == Kept(8, KeptAs.NEW)


async def test_what_is_new_is_there(database: SqliteDatabase) -> None:
    call, keys = a_held_call(PROJECT), SqliteKeyRegister(database)
    page = a_key(PROJECT, for_page=True)

    await SqliteHeldLedger(database).hold([call])
    await keys.add(page)

    assert await held_by(SqliteHeldArchive(database), PROJECT) == [call]
    assert await keys.of_project(PROJECT.project_id) == [*KEYS, page]


async def test_what_version_2_kept_stays(open_store: Open, path: Path) -> None:
    write(path, 2)
    held = a_held_call(PROJECT, code=UNREADABLE, capture=None)
    named = (held.project_id, held.held_id, held.once, held.code, AT, held.channel)
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        fill(
            file,
            ("held", 1, *named, held.request_id, None, held.body, None),
            ("leads", *named[:1], 9, "req_9", "rest", AT, "2026-11", 2, "req_9", *NO_KEY, ADA, 7),
        )

    database = open_store(path)

    assert await held_by(SqliteHeldArchive(database), PROJECT) == [held]
    joined = await SqliteLeadArchive(database).get(PROJECT.project_id, 9)
    assert joined is not None
    assert joined.joined_into == LEAD.lead_id


async def test_what_was_held_before_has_its_size_and_is_counted_from_now_on(
    open_store: Open, path: Path
) -> None:
    write(path, 4)
    capture = a_capture(PROJECT)
    held = a_held_call(PROJECT, capture=capture, body="Zoë")
    named = (held.project_id, held.held_id, held.once, held.code, AT, held.channel)
    read = json.dumps(capture_to_json(capture, held.body))
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        fill(file, ("held", 1, *named, held.request_id, None, held.body, read))

    database = open_store(path)
    archive = SqliteHeldArchive(database)

    assert await held_by(archive, PROJECT) == [held]
    assert await archive.room(PROJECT.project_id, held.code) == HeldRoom(1, 4 + len(read))
    await SqliteHeldLedger(database).hold_or_count([replace(held, held_id="held_again")])
    assert await held_by(archive, PROJECT) == [replace(held, times=2, last_at=NOW)]


async def test_a_delivery_of_before_is_taken_to_have_brought_something(
    open_store: Open, path: Path
) -> None:
    write(path, 3)
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        events = [("whatsapp", "last_delivery_at"), ("whatsapp", "last_bad_signature_at"),
                  ("google_ads", "last_challenge_at")]  # fmt: skip
        fill(file, *(("channel_events", PROJECT.project_id, *event, AT) for event in events))

    log = SqliteChannelLog(open_store(path))

    assert (await log.last(PROJECT.project_id, "whatsapp"))[ChannelEvent.ITEM] == NOW
    assert ChannelEvent.ITEM not in await log.last(PROJECT.project_id, "google_ads")


async def test_the_file_is_of_this_version_and_opens_again(
    database: SqliteDatabase, open_store: Open, path: Path
) -> None:
    again = open_store(path)

    version = await again.read(lambda c: c.execute("PRAGMA user_version").fetchone()[0])
    assert version == SCHEMA_VERSION
    assert await SqliteProjectRegister(again).all() == [PROJECT]


async def test_leads_of_before_are_counted_by_where_they_came_from(
    open_store: Open, path: Path
) -> None:
    write(path, 7)
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("""UPDATE leads SET details = '{"utm":{"utm_source":"Google"}}'""")

    archive = SqliteLeadArchive(open_store(path))

    (chunk,) = (await archive.sums([PROJECT.project_id]))[PROJECT.project_id]
    assert list(chunk.sums) == [Sum(NOW.date(), "whatsapp", "google", None, 1)]
