import os
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

import adapters
from adapters.sqlite import SqliteDatabase
from adapters.sqlite.schema import SCHEMA_VERSION

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
