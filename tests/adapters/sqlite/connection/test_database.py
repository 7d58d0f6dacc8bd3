import asyncio
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from adapters.sqlite import SqliteDatabase
from adapters.sqlite.connection.database import WRITER_CACHE_KIB
from adapters.sqlite.connection.driver import sqlite3
from domain.errors import Advice, AdviceCode, StorageUnavailable, StoreUnusable
from tests.contracts.recording import LONG_ENOUGH_SECONDS

NO_TIME = 0.05


def add_a_project(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT INTO projects VALUES ('prj_1', 'Acme', 0, '{}')")


def count_projects(connection: sqlite3.Connection) -> int:
    found: int = connection.execute("SELECT count(*) FROM projects").fetchone()[0]
    return found


@pytest.fixture
def lock_holder(by_hand: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Another program's connection, which holds the write lock until it is told otherwise."""
    by_hand.execute("BEGIN IMMEDIATE")
    yield by_hand
    if by_hand.in_transaction:
        by_hand.execute("ROLLBACK")


async def test_what_is_written_is_read(database: SqliteDatabase) -> None:
    await database.write(add_a_project)

    assert await database.read(count_projects) == 1


async def test_what_is_written_is_on_the_disk_before_it_is_acknowledged(
    database: SqliteDatabase,
) -> None:
    def pragmas(connection: sqlite3.Connection) -> list[str | int]:
        names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        return [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names]

    full = 2

    assert await database.write(pragmas) == ["wal", full, 1, 1]


async def test_the_writer_has_room_for_the_pages_of_many_projects(
    database: SqliteDatabase,
) -> None:
    def room(connection: sqlite3.Connection) -> int:
        kibibytes: int = connection.execute("PRAGMA cache_size").fetchone()[0]
        return -kibibytes

    assert await database.write(room) == WRITER_CACHE_KIB


async def test_a_transaction_that_fails_is_undone_as_a_whole(database: SqliteDatabase) -> None:
    class OurDefectError(Exception):
        pass

    def work(connection: sqlite3.Connection) -> None:
        add_a_project(connection)
        raise OurDefectError

    with pytest.raises(OurDefectError):
        await database.write(work)

    assert await database.read(count_projects) == 0
    await database.write(add_a_project)
    assert await database.read(count_projects) == 1


async def test_a_broken_constraint_is_a_defect_and_undoes_the_transaction(
    database: SqliteDatabase,
) -> None:
    def work(connection: sqlite3.Connection) -> None:
        add_a_project(connection)
        add_a_project(connection)

    with pytest.raises(sqlite3.IntegrityError):
        await database.write(work)

    assert await database.read(count_projects) == 0


async def test_a_write_lock_that_is_not_free_in_time_is_no_storage_and_nothing_was_done(
    database: SqliteDatabase, lock_holder: sqlite3.Connection
) -> None:
    called = []

    with pytest.raises(StorageUnavailable):
        await database.write(called.append, NO_TIME)

    lock_holder.execute("COMMIT")
    await database.write(add_a_project)
    assert called == []
    assert await database.read(count_projects) == 1


async def test_a_write_goes_on_when_the_lock_is_free_again(
    database: SqliteDatabase, lock_holder: sqlite3.Connection
) -> None:
    writing = asyncio.create_task(database.write(add_a_project, LONG_ENOUGH_SECONDS))
    count = await database.read(count_projects)
    lock_holder.execute("COMMIT")
    await writing

    assert count == 0
    assert await database.read(count_projects) == 1


async def test_reads_go_on_while_somebody_writes(
    database: SqliteDatabase, lock_holder: sqlite3.Connection
) -> None:
    add_a_project(lock_holder)
    before = await database.read(count_projects)
    lock_holder.execute("COMMIT")

    assert before == 0
    assert await database.read(count_projects) == 1


async def test_a_read_cannot_write(database: SqliteDatabase) -> None:
    with pytest.raises(StorageUnavailable):
        await database.read(add_a_project)

    assert await database.read(count_projects) == 0


async def test_a_caller_that_goes_away_does_not_stop_the_write(database: SqliteDatabase) -> None:
    started, go_on = threading.Event(), threading.Event()

    def work(connection: sqlite3.Connection) -> None:
        started.set()
        go_on.wait()
        add_a_project(connection)

    writing = asyncio.create_task(database.write(work))
    await asyncio.to_thread(started.wait)
    writing.cancel()
    await asyncio.wait({writing})
    go_on.set()
    await database.write(lambda _: None)  # the next in the line: the first has ended

    assert writing.cancelled()
    assert await database.read(count_projects) == 1


async def test_a_full_disk_is_no_storage_says_to_make_room_and_undoes_the_transaction(
    database: SqliteDatabase, path: Path
) -> None:
    def fill_the_disk(connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA max_page_count = 1")
        add_a_project(connection)
        connection.execute("UPDATE projects SET settings = hex(randomblob(1000000))")

    with pytest.raises(StorageUnavailable, match=r"The disk that holds .* is full") as refused:
        await database.write(fill_the_disk)

    assert refused.value.advice == (Advice(AdviceCode.MAKE_ROOM, {"store": path}),)
    assert await database.read(count_projects) == 0


async def test_a_store_that_is_not_open_yet_is_not_available(path: Path) -> None:
    with closing(SqliteDatabase(path)) as database:
        for access in (database.write, database.read):
            with pytest.raises(StorageUnavailable):
                await access(count_projects)

    with closing(SqliteDatabase(path)) as database, pytest.raises(StoreUnusable):
        database.open(create=False)


async def test_a_store_that_is_closed_is_not_available(database: SqliteDatabase) -> None:
    database.close()

    with pytest.raises(StorageUnavailable):
        await database.write(count_projects)
    with pytest.raises(StorageUnavailable):
        await database.read(count_projects)


async def test_closing_lets_running_work_end(database: SqliteDatabase, path: Path) -> None:
    started = threading.Event()

    def work(connection: sqlite3.Connection) -> None:
        started.set()
        add_a_project(connection)

    writing = asyncio.create_task(database.write(work))
    await asyncio.to_thread(started.wait)
    await asyncio.to_thread(database.close)
    await writing

    with closing(sqlite3.connect(path)) as connection:
        assert count_projects(connection) == 1


async def test_a_write_whose_time_is_over_when_the_lock_comes_is_not_done(
    database: SqliteDatabase,
) -> None:
    with pytest.raises(StorageUnavailable):
        await database.write(add_a_project, timeout_seconds=0)

    assert await database.read(count_projects) == 0
