"""A file of the open store is deleted, moved or replaced: nothing acknowledged goes with it."""

import asyncio
import errno
import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from adapters.sqlite import SqliteDatabase
from adapters.sqlite.connection import database as database_module
from adapters.sqlite.connection.driver import sqlite3
from domain.errors import Advice, AdviceCode, StorageUnavailable, StoreUnusable
from tests.adapters.sqlite.conftest import Open

SIDES = ("-wal", "-shm")
ENDINGS = ("", *SIDES)


def add_a_project(connection: sqlite3.Connection) -> None:
    connection.execute(
        "INSERT INTO projects VALUES (hex(randomblob(8)), hex(randomblob(8)), 0, '{}')"
    )


def count_projects(connection: sqlite3.Connection) -> int:
    found: int = connection.execute("SELECT count(*) FROM projects").fetchone()[0]
    return found


def projects_in(main_file: Path, tmp_path: Path) -> int:
    """How many are in the main file alone."""
    with closing(sqlite3.connect(shutil.copy(main_file, tmp_path / "alone.db"))) as connection:
        return count_projects(connection)


def side(path: Path, ending: str) -> Path:
    return Path(f"{path}{ending}")


def look_from_outside(path: Path) -> None:
    """As a shell that only reads; what it makes of the files is its own affair."""
    look = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('SELECT * FROM projects')"
    subprocess.run([sys.executable, "-c", look, path], stderr=subprocess.DEVNULL, check=False)


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits for others waits in vain, and need not take long."""
    monkeypatch.setattr(database_module, "OPEN_TIMEOUT_SECONDS", 0.1)
    monkeypatch.setattr(database_module, "LOOK_EVERY_SECONDS", 0.01)


@pytest.mark.parametrize("ending", ENDINGS)
async def test_after_a_file_was_deleted_nothing_is_written_or_read_any_more(
    database: SqliteDatabase, ending: str
) -> None:
    await database.write(add_a_project)
    side(database.path, ending).unlink()

    for _ in range(2):
        with pytest.raises(StorageUnavailable, match="not in its place"):
            await database.write(add_a_project)
    with pytest.raises(StorageUnavailable, match="not in its place"):
        await database.read(count_projects)


@pytest.mark.parametrize("ending", SIDES)
async def test_all_that_was_acknowledged_before_is_in_the_main_file(
    database: SqliteDatabase, other_database: SqliteDatabase, ending: str, tmp_path: Path
) -> None:
    for one in (database, other_database):
        await one.write(add_a_project)
    before = projects_in(database.path, tmp_path)
    side(database.path, ending).unlink()
    with pytest.raises(StorageUnavailable):
        await database.write(add_a_project)

    assert (before, projects_in(database.path, tmp_path)) == (0, 2)


async def test_a_main_file_that_was_moved_has_all_that_was_acknowledged(
    database: SqliteDatabase, tmp_path: Path
) -> None:
    await database.write(add_a_project)
    moved = database.path.rename(tmp_path / "moved.db")
    with pytest.raises(StorageUnavailable):
        await database.write(add_a_project)

    assert projects_in(moved, tmp_path) == 1


@pytest.mark.parametrize("ending", ENDINGS)
async def test_what_was_written_while_the_file_was_deleted_is_not_acknowledged(
    database: SqliteDatabase, ending: str
) -> None:
    assert database._writer is not None
    database._writer.set_trace_callback(
        lambda sql: side(database.path, ending).unlink() if sql == "COMMIT" else None
    )

    with pytest.raises(StorageUnavailable, match="not in its place"):
        await database.write(add_a_project)


async def test_every_process_that_has_it_open_notices(
    database: SqliteDatabase, other_database: SqliteDatabase
) -> None:
    side(database.path, "-wal").unlink()

    for one in (database, other_database):
        with pytest.raises(StorageUnavailable, match="not in its place"):
            await one.write(add_a_project)


async def test_a_file_that_comes_back_does_not_make_it_go_on(
    database: SqliteDatabase, tmp_path: Path
) -> None:
    moved = database.path.rename(tmp_path / "moved.db")
    with pytest.raises(StorageUnavailable):
        await database.write(add_a_project)
    moved.rename(database.path)

    with pytest.raises(StorageUnavailable, match="not in its place"):
        await database.write(add_a_project)


@pytest.mark.parametrize("number", [errno.ESTALE, errno.EIO, errno.EACCES])
async def test_a_file_that_cannot_be_seen_for_a_while_is_not_lost(
    database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def fail(_: str) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as broken:
        broken.setattr("adapters.sqlite.files.store_files.os.stat", fail)
        with pytest.raises(StorageUnavailable, match="cannot be looked at"):
            await database.write(add_a_project)
        with pytest.raises(StorageUnavailable, match="cannot be looked at"):
            database._look()
    await database.write(add_a_project)

    assert await database.read(count_projects) == 1


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("create", [True, False])
def test_nobody_opens_a_store_of_which_others_have_lost_a_file(
    open_store: Open, database: SqliteDatabase, ending: str, create: bool
) -> None:
    side(database.path, ending).unlink()

    with pytest.raises(StoreUnusable, match=r"Another process has|There is no store"):
        open_store(database.path, create=create)

    assert not side(database.path, ending).exists()


@pytest.mark.usefixtures("hurried")
def test_nobody_opens_another_file_beside_the_log_of_the_one_that_others_have_open(
    open_store: Open, database: SqliteDatabase, tmp_path: Path
) -> None:
    other = open_store(tmp_path / "other.db")
    other.close()
    other.path.replace(database.path)

    with pytest.raises(StoreUnusable, match="Another process has") as caught:
        open_store(database.path)

    assert caught.value.advice == (Advice(AdviceCode.END_ALL_PROCESSES),)


async def test_once_all_have_ended_the_store_opens_with_all_that_was_acknowledged(
    open_store: Open, database: SqliteDatabase, other_database: SqliteDatabase
) -> None:
    await database.write(add_a_project)
    side(database.path, "-wal").unlink()
    for one in (database, other_database):
        with pytest.raises(StorageUnavailable):
            await one.write(add_a_project)
        one.close()

    assert await open_store(database.path).read(count_projects) == 1


async def test_what_a_reader_holds_back_is_saved_when_it_has_read(
    database: SqliteDatabase, by_hand: sqlite3.Connection, tmp_path: Path
) -> None:
    by_hand.execute("BEGIN")
    count_projects(by_hand)
    await database.write(add_a_project)
    side(database.path, "-wal").unlink()
    with pytest.raises(StorageUnavailable):
        await database.write(add_a_project)
    before = projects_in(database.path, tmp_path)
    by_hand.execute("ROLLBACK")
    database._look()

    assert (before, projects_in(database.path, tmp_path)) == (0, 1)


@pytest.mark.usefixtures("hurried")
async def test_a_server_notices_where_nobody_writes_and_says_once_what_to_do(
    path: Path,
) -> None:
    async with SqliteDatabase(path).opened(create=True):
        pass  # a store that is made anew says so
    database = SqliteDatabase(path)
    with capture_logs() as lines:
        async with database.opened(create=True, patient=True):
            side(path, "-wal").unlink()
            async with asyncio.timeout(10):
                while not lines:  # noqa: ASYNC110  the watch is in this very loop
                    await asyncio.sleep(0.01)
            database._look()

    assert [(line["log_level"], line["event"]) for line in lines] == [("error", "store.lost")]
    assert lines[0]["lost"] == (f"{path}-wal",)
    assert lines[0]["advice"] == [Advice(AdviceCode.START_AGAIN, {"store": str(path)})]


async def test_a_command_says_nothing_in_a_log(path: Path) -> None:
    database = SqliteDatabase(path)
    with capture_logs() as lines:
        async with database.opened(create=True):
            side(path, "-shm").unlink()
            with pytest.raises(StorageUnavailable):
                await database.write(add_a_project)

    assert lines == []


@pytest.mark.parametrize("lost", [("-wal",), SIDES], ids=str)
async def test_after_a_look_of_another_program_all_is_saved_when_the_store_is_closed(
    database: SqliteDatabase, lost: tuple[str, ...], tmp_path: Path
) -> None:
    await database.write(add_a_project)
    for ending in lost:
        side(database.path, ending).unlink()
    look_from_outside(database.path)
    with capture_logs() as lines:
        database._loss.speak()
        database._look()
    before = projects_in(database.path, tmp_path)
    database.close()

    assert (before, projects_in(database.path, tmp_path)) == (0, 1)
    assert [advice.code for advice in lines[0]["advice"]] == [AdviceCode.END_OTHER_PROGRAM]


async def test_nothing_is_copied_where_another_program_made_a_new_log(
    database: SqliteDatabase, tmp_path: Path
) -> None:
    await database.write(add_a_project)
    log = side(database.path, "-wal")
    log.unlink()
    log.touch()
    with pytest.raises(StorageUnavailable):
        await database.write(add_a_project)

    assert projects_in(database.path, tmp_path) == 0
