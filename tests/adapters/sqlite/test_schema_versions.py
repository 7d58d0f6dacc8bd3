"""A file that an older version wrote becomes one of this version, and keeps what it has."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from adapters.sqlite import (
    SqliteChannelRegister,
    SqliteDatabase,
    SqliteHeldArchive,
    SqliteHeldLedger,
    SqliteLeadArchive,
    SqliteLeadLedger,
    SqliteProjectRegister,
)
from adapters.sqlite.moments import to_store
from adapters.sqlite.schema import _VERSIONS, APPLICATION_ID, SCHEMA_VERSION
from application.ports.lead_ledger import How, Kept
from domain.lead import Lead, LeadDetails
from tests.adapters.sqlite.conftest import Open
from tests.contracts.holding import held_by
from tests.contracts.recording import record_one
from tests.support.builders import (
    NOW,
    a_capture,
    a_held_call,
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
SETTINGS = '{"domains":[],"monthly_limit":5,"require_origin":true}'
AT = to_store(NOW)
NO_KEY, ADA = (None, None), '{"name":"Ada"}'
RAW = ("req_1", "{}")


@pytest.fixture
def database(open_store: Open, path: Path) -> SqliteDatabase:
    """A file of version 1 with one of everything, opened by this version."""
    project_id = PROJECT.project_id
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        for statement in _VERSIONS[0]:
            file.execute(statement)
        file.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        file.execute("PRAGMA user_version = 1")
        for table, *row in (
            ("projects", project_id, "Acme", AT, SETTINGS),
            ("channel_settings", project_id, "whatsapp", "ids", '["1","2"]'),
            ("leads", project_id, 7, "req_1", "whatsapp", AT, "2026-11", 1, "req_1", *NO_KEY, ADA),
            ("identities", project_id, "whatsapp", "phone", "12025550147", 7),
            ("messages", 1, project_id, "whatsapp", "wamid.1", 7, "text", "hello", AT, *RAW),
        ):
            file.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)
    return open_store(path)


async def test_what_is_there_stays(database: SqliteDatabase) -> None:
    channels = SqliteChannelRegister(database)

    assert await SqliteProjectRegister(database).all() == [PROJECT]
    assert await SqliteLeadArchive(database).get(PROJECT.project_id, 7) == LEAD
    assert await channels.get(PROJECT.project_id, "whatsapp") == {"ids": ["1", "2"]}
    assert await channels.projects_with("whatsapp", "ids", "2") == [PROJECT.project_id]


async def test_who_is_known_stays_known_and_numbers_go_on(database: SqliteDatabase) -> None:
    ledger = SqliteLeadLedger(database)
    known = a_capture(PROJECT, channel="whatsapp", identities=(a_phone("12025550147"),))

    assert await record_one(ledger, known) == Kept(7, How.KNOWN_PERSON)
    assert await record_one(ledger, a_capture(PROJECT)) == Kept(8, How.NEW)


async def test_what_is_new_is_there(database: SqliteDatabase) -> None:
    call = a_held_call(PROJECT)

    await SqliteHeldLedger(database).hold([call])

    assert await held_by(SqliteHeldArchive(database), PROJECT) == [call]


async def test_the_file_is_of_this_version_and_opens_again(
    database: SqliteDatabase, open_store: Open, path: Path
) -> None:
    again = open_store(path)

    version = await again.read(lambda c: c.execute("PRAGMA user_version").fetchone()[0])
    assert version == SCHEMA_VERSION
    assert await SqliteProjectRegister(again).all() == [PROJECT]
