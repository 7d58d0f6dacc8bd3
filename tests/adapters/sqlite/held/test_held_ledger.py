import pytest

from adapters.sqlite import (
    SqliteDatabase,
    SqliteHeldArchive,
    SqliteHeldLedger,
    SqliteProjectRegister,
)
from domain.errors import StorageUnavailable
from tests.contracts.held.counting import CountingContract
from tests.contracts.held.held_ledger import HeldLedgerContract
from tests.contracts.held.holding import held_by
from tests.support.builders import a_held_call, a_project

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
