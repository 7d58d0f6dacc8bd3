"""A store in a folder of its own, and what saves it and puts it back."""

import asyncio
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from adapters.sqlite import SqliteDatabase, SqliteStoreBackup
from tests.adapters.sqlite.files.test_lost_files import add_a_project, count_projects


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store" / "x.db"


@pytest.fixture
def key_file(path: Path) -> Path:
    return path.with_name("x.db.key")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a copy is to be, alone in its folder."""
    folder = tmp_path / "backups"
    folder.mkdir()
    return folder / "b.db"


@pytest.fixture
def add_project(path: Path) -> Callable[[], None]:
    def add_project() -> None:
        with closing(SqliteDatabase(path)) as database:
            database.open(create=True)
            asyncio.run(database.write(add_a_project))

    return add_project


@pytest.fixture
def projects_in_place(path: Path) -> Callable[[], int]:
    def projects_in_place() -> int:
        with closing(SqliteDatabase(path)) as database:
            database.open(create=False)
            return asyncio.run(database.read(count_projects))

    return projects_in_place


@pytest.fixture
def backup(path: Path, key_file: Path, add_project: Callable[[], None]) -> SqliteStoreBackup:
    add_project()
    return SqliteStoreBackup(path, key_file)
