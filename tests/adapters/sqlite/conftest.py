"""One store in a folder of the test's, open once here and once as another process would."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from adapters.sqlite import (
    SqliteDatabase,
    SqliteHeldArchive,
    SqliteHeldLedger,
    SqliteLeadArchive,
    SqliteLeadLedger,
    SqliteProjectRegister,
)
from adapters.sqlite.connection.driver import sqlite3
from domain.plan import Month
from domain.project import Project
from tests.contracts.recording import MakeHole, PassTime

Open = Callable[[Path], SqliteDatabase]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "swiftcrm.db"


@pytest.fixture
def open_store() -> Iterator[Open]:
    opened: list[SqliteDatabase] = []

    def open_store(path: Path, *, create: bool = True) -> SqliteDatabase:
        database = SqliteDatabase(path)
        opened.append(database)
        database.open(create=create)
        return database

    yield open_store
    for database in opened:
        database.close()


@pytest.fixture
def database(open_store: Open, path: Path) -> SqliteDatabase:
    return open_store(path)


@pytest.fixture
def other_database(open_store: Open, database: SqliteDatabase) -> SqliteDatabase:
    return open_store(database.path)


@pytest.fixture
def ledger(database: SqliteDatabase) -> SqliteLeadLedger:
    return SqliteLeadLedger(database)


@pytest.fixture
def other_ledger(other_database: SqliteDatabase) -> SqliteLeadLedger:
    return SqliteLeadLedger(other_database)


@pytest.fixture
def archive(database: SqliteDatabase) -> SqliteLeadArchive:
    return SqliteLeadArchive(database)


@pytest.fixture
def other_archive(other_database: SqliteDatabase) -> SqliteLeadArchive:
    return SqliteLeadArchive(other_database)


@pytest.fixture
def held_ledger(database: SqliteDatabase) -> SqliteHeldLedger:
    return SqliteHeldLedger(database)


@pytest.fixture
def other_held_ledger(other_database: SqliteDatabase) -> SqliteHeldLedger:
    return SqliteHeldLedger(other_database)


@pytest.fixture
def held_archive(database: SqliteDatabase) -> SqliteHeldArchive:
    return SqliteHeldArchive(database)


@pytest.fixture
def projects(database: SqliteDatabase) -> SqliteProjectRegister:
    return SqliteProjectRegister(database)


@pytest.fixture
def by_hand(database: SqliteDatabase) -> Iterator[sqlite3.Connection]:
    """A connection past all of our code, for what our code would not do."""
    with closing(sqlite3.connect(database.path, isolation_level=None)) as connection:
        yield connection


@pytest.fixture
def make_hole(by_hand: sqlite3.Connection) -> MakeHole:
    async def make_hole(project: Project, month: Month, place: int) -> None:
        deleted = by_hand.execute(
            "DELETE FROM leads WHERE project_id = ? AND month = ? AND place = ?",
            (project.project_id, str(month), place),
        )
        assert deleted.rowcount == 1

    return make_hole


@pytest.fixture
def pass_time() -> PassTime:
    return lambda _seconds: None
