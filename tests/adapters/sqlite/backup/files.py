"""What is in a file, and a store whose newest content is in its log alone."""

from contextlib import closing
from pathlib import Path

from adapters.sqlite.connection.driver import sqlite3
from tests.adapters.sqlite.files.test_lost_files import add_a_project, count_projects


def in_file(file: Path) -> int:
    with closing(sqlite3.connect(f"{file.as_uri()}?immutable=1", uri=True)) as connection:
        return count_projects(connection)


def add_by_hand(path: Path) -> sqlite3.Connection:
    """A project whose row is in the log alone, as the connection stays open."""
    connection = sqlite3.connect(path, isolation_level=None)
    add_a_project(connection)
    return connection
