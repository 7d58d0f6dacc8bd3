from datetime import timedelta

import pytest

from adapters.sqlite import (
    SqliteDatabase,
    SqliteHeldArchive,
    SqliteHeldLedger,
    SqliteProjectRegister,
)
from domain.errors import StorageUnavailable
from domain.held import PLAN_LIMIT_REACHED
from tests.contracts.held.counting import CountingContract
from tests.contracts.held.held_ledger import HeldLedgerContract
from tests.contracts.held.holding import held_by
from tests.support.builders import NOW, a_held_call, a_project

LARGEST_FILE = 2**32 - 2
"""The pages that a file may have unless it is told otherwise."""


class TestSqliteHeldLedger(HeldLedgerContract, CountingContract):
    pass


async def test_calls_that_find_no_room_are_not_held_at_all_and_may_come_again(
    held_ledger: SqliteHeldLedger,
    held_archive: SqliteHeldArchive,
    projects: SqliteProjectRegister,
    database: SqliteDatabase,
) -> None:
    project = a_project()
    await projects.add(project)
    calls = [a_held_call(project), a_held_call(project, body="x" * 1_000_000)]
    await database.write(lambda c: c.execute("PRAGMA max_page_count = 1").fetchone())

    with pytest.raises(StorageUnavailable):
        await held_ledger.hold(calls)

    assert await held_by(held_archive, project) == []
    await database.write(lambda c: c.execute(f"PRAGMA max_page_count = {LARGEST_FILE}").fetchone())
    await held_ledger.hold(calls)
    assert await held_by(held_archive, project) == calls


async def test_what_an_older_program_held_goes_by_when_it_came(
    held_ledger: SqliteHeldLedger,
    held_archive: SqliteHeldArchive,
    projects: SqliteProjectRegister,
    database: SqliteDatabase,
) -> None:
    project = a_project()
    await projects.add(project)
    old, new = (a_held_call(project, at=at) for at in (NOW - timedelta(days=1), NOW))
    await held_ledger.hold([old, new])
    await database.write(lambda c: c.execute("UPDATE held SET last_at = NULL").fetchone())

    removed = await held_ledger.prune(project.project_id, PLAN_LIMIT_REACHED, most=9, before=NOW)

    assert removed == 1
    assert await held_by(held_archive, project) == [new]
