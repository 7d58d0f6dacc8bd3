"""What is written is copied from the log into the file, beside the writes."""

from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from adapters.sqlite import SqliteDatabase
from adapters.sqlite.connection import driver, log_copy
from adapters.sqlite.connection.driver import sqlite3
from tests.adapters.sqlite.connection.test_database import add_a_project

needs_a_newer_sqlite = pytest.mark.skipif(
    not driver.COPIES_BESIDE_WRITES, reason="this system has an old SQLite alone"
)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch, by_hand: sqlite3.Connection) -> None:
    monkeypatch.setattr(log_copy, "COPY_EVERY_SECONDS", 0.0)
    by_hand.execute("SELECT 1 FROM projects").fetchone()  # the last one that closes copies it too


def has_it(database: SqliteDatabase) -> bool:
    database._log_copy.end()
    return b"Acme" in database.path.read_bytes()


@needs_a_newer_sqlite
async def test_a_server_copies_what_it_writes(database: SqliteDatabase) -> None:
    database._log_copy.start()
    await database.write(add_a_project)

    assert has_it(database)


async def test_a_command_does_not(database: SqliteDatabase) -> None:
    await database.write(add_a_project)

    assert not has_it(database)


async def test_nothing_is_copied_with_an_old_sqlite(
    database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_copy, "COPIES_BESIDE_WRITES", False)
    database._log_copy.start()
    await database.write(add_a_project)

    assert not has_it(database)


async def test_nothing_is_copied_into_a_file_whose_log_is_another_one(
    database: SqliteDatabase,
) -> None:
    await database.write(add_a_project)
    database.path.with_name(f"{database.path.name}-wal").unlink()
    database._log_copy._copy()

    assert not has_it(database)


async def test_what_a_reader_still_looks_at_does_not_hold_up_a_copy(
    database: SqliteDatabase, by_hand: sqlite3.Connection
) -> None:
    by_hand.execute("BEGIN")
    by_hand.execute("SELECT * FROM projects").fetchall()
    await database.write(add_a_project)
    database._log_copy._copy()
    before = has_it(database)
    by_hand.execute("ROLLBACK")
    database._log_copy._copy()

    assert [before, has_it(database)] == [False, True]


async def test_a_copy_that_fails_is_said_once(database: SqliteDatabase) -> None:
    class FullDisk:
        def execute(self, _: str) -> Any:
            raise sqlite3.OperationalError("disk I/O error with what a row says")

        def close(self) -> None:
            pass

    database._log_copy.disconnect()
    database._log_copy.use(FullDisk())
    with capture_logs() as logs:
        for _ in range(3):
            database._log_copy._copy()

    assert [(line["event"], line["cause"]) for line in logs] == [
        ("store.log_not_copied", "sqlite: SQLITE_ERROR")
    ]


@needs_a_newer_sqlite
async def test_it_begins_where_a_server_opens_the_store(tmp_path: Path) -> None:
    for patient in (True, False):
        database = SqliteDatabase(tmp_path / f"{patient}.db")
        async with database.opened(create=True, patient=patient):
            assert (database._log_copy._due_at < float("inf")) is patient
