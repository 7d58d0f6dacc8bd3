import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

import adapters
from adapters.sqlite import SqliteDatabase, SqliteStoreBackup
from adapters.sqlite.backup import store_backup as backup_module
from adapters.sqlite.connection.driver import sqlite3
from adapters.sqlite.connection.schema import SCHEMA_VERSION
from tests.adapters.sqlite.conftest import Open
from tests.adapters.sqlite.files.test_lost_files import count_projects
from tests.contracts.store_backup import quiet

SOURCE = Path(adapters.__file__).parents[1]
OPENERS = 8
OPEN_AND_CLOSE = """
import sys
from pathlib import Path
from adapters.sqlite import SqliteDatabase
database = SqliteDatabase(Path(sys.argv[1]))
sys.stdin.read(1)
database.open(create=True)
database.close()
"""


def schema_version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        found: int = connection.execute("PRAGMA user_version").fetchone()[0]
        return found


@pytest.mark.parametrize("attempt", range(5))
def test_threads_that_open_a_new_file_at_the_same_time_all_have_it(
    path: Path, attempt: int
) -> None:
    together = threading.Barrier(OPENERS)

    def open_and_close(_: int) -> None:
        with closing(SqliteDatabase(path)) as database:
            together.wait()
            database.open(create=True)

    with ThreadPoolExecutor(OPENERS) as pool:
        list(pool.map(open_and_close, range(OPENERS)))

    assert schema_version(path) == SCHEMA_VERSION


def test_processes_that_open_a_new_file_at_the_same_time_all_have_it(path: Path) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN_AND_CLOSE, str(path)],
            env={**os.environ, "PYTHONPATH": str(SOURCE)},
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(b"!")
        process.stdin.flush()
    errors = [process.communicate(timeout=60)[1] for process in processes]

    assert errors == [b""] * len(processes)
    assert schema_version(path) == SCHEMA_VERSION


@pytest.fixture
def last(open_store: Open, path: Path) -> Iterator[SqliteDatabase]:
    """The last that has the store open; a log that is made later is no file that was there."""
    last = open_store(path)
    with Path(f"{path}-wal").open("rb"):  # its number is used again as soon as it is free
        yield last


def test_who_joins_the_last_process_while_that_ends_has_the_store_and_so_has_who_comes_next(
    last: SqliteDatabase, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    joined = SqliteDatabase(path)
    connect = joined._connect_all

    def end_the_last_first(deadline: float) -> None:
        last.close()  # deletes the log, and with its lock nobody is left who says which it was
        connect(deadline)

    monkeypatch.setattr(joined, "_connect_all", end_the_last_first)
    with closing(joined), closing(SqliteDatabase(path)) as next_one:
        joined.open(create=False)
        next_one.open(create=False)  # it must find the log that the other has written down

        assert asyncio.run(next_one.read(count_projects)) == 0


def test_a_copy_is_made_while_the_last_process_ends(
    last: SqliteDatabase, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = backup_module.connect

    def end_the_last_first(store: Path) -> sqlite3.Connection:
        last.close()
        return connect(store)

    monkeypatch.setattr(backup_module, "connect", end_the_last_first)
    saved = SqliteStoreBackup(path, path.with_name("none")).save(path.with_name("b.db"), quiet)

    assert saved.content.projects == 0
