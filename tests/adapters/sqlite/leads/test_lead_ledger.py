from typing import Any

import pytest

from adapters.sqlite import (
    SqliteDatabase,
    SqliteLeadArchive,
    SqliteLeadLedger,
    SqliteProjectRegister,
)
from adapters.sqlite.connection.driver import sqlite3
from application.ports.lead_ledger import LeadLedger
from domain.capture import Kept, KeptAs
from domain.errors import StorageUnavailable
from domain.lead import LeadDetails
from domain.project import Project
from tests.contracts.lead_ledger.idempotency import IdempotencyContract
from tests.contracts.lead_ledger.lead_ledger import LeadLedgerContract
from tests.contracts.lead_ledger.numbers import NumbersContract
from tests.contracts.lead_ledger.persons import PersonsContract
from tests.contracts.lead_ledger.places import HolesContract, PlacesContract
from tests.contracts.recording import (
    LONG_ENOUGH_SECONDS,
    NOVEMBER,
    PLAN_FULL,
    FirstTries,
    a_batch,
    leads_of,
    record,
    record_one,
)
from tests.support.builders import a_capture, a_message, a_phone, a_project

LARGEST_FILE = 2**32 - 2
"""The pages that a file may have unless it is told otherwise."""


class TestSqliteLeadLedger(LeadLedgerContract):
    pass


class TestSqliteLeadLedgerOfFirstTries(
    NumbersContract, PlacesContract, HolesContract, IdempotencyContract, PersonsContract
):
    """Captures of which nothing can be known are written without a question, and together."""

    project = LeadLedgerContract.project
    other_project = LeadLedgerContract.other_project

    @pytest.fixture
    def ledger(self, database: SqliteDatabase) -> LeadLedger:
        return FirstTries(SqliteLeadLedger(database))

    @pytest.fixture
    def other_ledger(self, other_database: SqliteDatabase) -> LeadLedger:
        return FirstTries(SqliteLeadLedger(other_database))


@pytest.fixture
async def project(projects: SqliteProjectRegister) -> Project:
    project = a_project()
    await projects.add(project)
    return project


async def set_the_room_on_the_disk(database: SqliteDatabase, pages: int) -> None:
    await database.write(lambda c: c.execute(f"PRAGMA max_page_count = {pages}").fetchone())


async def test_while_another_program_holds_the_lock_nothing_is_written(
    ledger: SqliteLeadLedger,
    archive: SqliteLeadArchive,
    by_hand: sqlite3.Connection,
    project: Project,
) -> None:
    batch = a_batch([a_capture(project), a_capture(project)])
    by_hand.execute("BEGIN IMMEDIATE")

    with pytest.raises(StorageUnavailable):
        await ledger.record(batch, 0.05)

    by_hand.execute("ROLLBACK")
    assert await leads_of(archive, project) == []
    assert await ledger.record(batch, LONG_ENOUGH_SECONDS) == [
        Kept(1, KeptAs.NEW),
        Kept(2, KeptAs.NEW),
    ]


async def test_a_month_that_was_found_full_refuses_who_is_new_while_nobody_can_write(
    ledger: SqliteLeadLedger, by_hand: sqlite3.Connection, project: Project
) -> None:
    await record(ledger, a_capture(project), a_capture(project), limit=1)
    by_hand.execute("BEGIN IMMEDIATE")
    newcomer = a_capture(project, is_fresh=True)

    assert await ledger.record(a_batch([newcomer], 1), 0.05) == [PLAN_FULL]
    with pytest.raises(StorageUnavailable):
        await ledger.record(a_batch([newcomer], 2), 0.05)


async def test_a_batch_that_finds_no_room_is_undone_as_a_whole_and_may_come_again(
    ledger: SqliteLeadLedger,
    archive: SqliteLeadArchive,
    database: SqliteDatabase,
    project: Project,
) -> None:
    written = a_capture(
        project, identities=(a_phone("12025550147"),), message=a_message(), counts=True
    )
    large = a_capture(project, details=LeadDetails(attributes={"text": "x" * 1_000_000}))
    await set_the_room_on_the_disk(database, 1)

    with pytest.raises(StorageUnavailable):
        await record(ledger, written, large)

    assert await leads_of(archive, project) == []
    assert await archive.places_taken(project.project_id, NOVEMBER) == 0
    await set_the_room_on_the_disk(database, LARGEST_FILE)
    assert await record(ledger, written, large) == [Kept(1, KeptAs.NEW), Kept(2, KeptAs.NEW)]


async def test_a_month_that_was_full_in_an_undone_batch_only_is_not_full(
    ledger: SqliteLeadLedger,
    database: SqliteDatabase,
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    last_place, refused = a_capture(project), a_capture(project)
    write = database.write

    async def write_on_a_full_disk(work: Any, timeout_seconds: float) -> None:
        def and_fail(connection: sqlite3.Connection) -> None:
            work(connection)
            raise StorageUnavailable("the disk is full")

        await write(and_fail, timeout_seconds)

    with monkeypatch.context() as patch:
        patch.setattr(database, "write", write_on_a_full_disk)
        with pytest.raises(StorageUnavailable):
            await record(ledger, last_place, refused, limit=1)

    assert await record_one(ledger, last_place, limit=1) == Kept(1, KeptAs.NEW)
