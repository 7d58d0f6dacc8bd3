import contextlib
import os
import re
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from adapters.sqlite import SqliteDatabase, SqliteProjectRegister
from adapters.sqlite.connection.driver import sqlite3
from adapters.sqlite.connection.schema import SCHEMA_VERSION
from domain.errors import Advice, AdviceCode, StoreUnusable
from tests.adapters.sqlite.conftest import Open
from tests.support.builders import a_project


def pragma(path: Path, name: str) -> object:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"PRAGMA {name}").fetchone()[0]


def a_file_of_another_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE notes (text TEXT)")
        connection.execute("INSERT INTO notes VALUES ('remember the milk')")
        connection.commit()


async def test_a_store_that_is_opened_again_has_what_it_had(open_store: Open, path: Path) -> None:
    project = a_project()
    first = open_store(path)
    await SqliteProjectRegister(first).add(project)
    first.close()

    for create in (True, False):
        again = SqliteProjectRegister(open_store(path, create=create))
        assert await again.all() == [project]


def test_only_who_may_create_makes_the_file(open_store: Open, path: Path) -> None:
    with pytest.raises(StoreUnusable, match="There is no store at"):
        open_store(path, create=False)

    assert list(path.parent.iterdir()) == []


def test_only_the_owner_may_read_the_store(open_store: Open, tmp_path: Path) -> None:
    path = tmp_path / "data" / "swiftcrm.db"
    before = os.umask(0)
    try:
        open_store(path)
    finally:
        os.umask(before)

    modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    assert modes["swiftcrm.db"] == 0o600
    assert set(modes.values()) == {0o600}
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_relative_path_is_made_absolute_once(open_store: Open, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with contextlib.chdir(tmp_path):
        database = SqliteDatabase(Path("data/swiftcrm.db"))
    with contextlib.chdir(elsewhere), closing(database):
        database.open(create=True)

    assert database.path == tmp_path / "data" / "swiftcrm.db"
    assert database.path.exists()
    assert list(elsewhere.iterdir()) == []


def test_a_store_may_be_reached_through_a_link(open_store: Open, tmp_path: Path) -> None:
    link = tmp_path / "x.db"
    link.symlink_to(Path("real") / "y.db")

    for _ in range(2):  # the first makes it, the second joins the first
        open_store(link)
    assert {one.name for one in tmp_path.iterdir()} == {"x.db", "real"}
    assert {one.name for one in (tmp_path / "real").iterdir()} == {
        "y.db",
        "y.db-wal",
        "y.db-shm",
        "y.db.lock",
    }


def test_a_path_may_have_odd_characters(open_store: Open, tmp_path: Path) -> None:
    path = tmp_path / "ünï codé?mode=ro&x#y %41" / "swift crm.db"

    open_store(path).close()

    assert path.exists()
    assert [file.name for file in tmp_path.iterdir()] == [path.parent.name]


@pytest.mark.parametrize("create", [True, False])
def test_a_database_of_another_program_is_refused_and_left_as_it_was(
    open_store: Open, path: Path, create: bool
) -> None:
    a_file_of_another_program(path)
    before = path.read_bytes()

    with pytest.raises(StoreUnusable, match="another program"):
        open_store(path, create=create)

    assert path.read_bytes() == before


def test_a_store_of_a_newer_version_is_refused_and_left_as_it_was(
    open_store: Open, path: Path
) -> None:
    open_store(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")

    with pytest.raises(StoreUnusable, match="newer version"):
        open_store(path)

    assert pragma(path, "user_version") == 99


@pytest.mark.parametrize("create", [True, False])
def test_a_file_that_is_no_database_is_refused_and_left_as_it_was(
    open_store: Open, path: Path, create: bool
) -> None:
    content = b"not a database, but a long text. " * 200
    path.write_bytes(content)

    with pytest.raises(StoreUnusable, match=re.escape(str(path))):
        open_store(path, create=create)

    assert path.read_bytes() == content


@pytest.mark.parametrize("create", [True, False])
def test_a_folder_is_no_store(open_store: Open, path: Path, create: bool) -> None:
    path.mkdir()

    with pytest.raises(StoreUnusable, match=re.escape(str(path))):
        open_store(path, create=create)


def test_a_store_cannot_be_made_below_a_file(open_store: Open, path: Path) -> None:
    path.write_bytes(b"")

    with pytest.raises(StoreUnusable, match=re.escape(str(path))):
        open_store(path / "swiftcrm.db")


def test_an_empty_file_becomes_a_store(open_store: Open, path: Path) -> None:
    path.touch()

    open_store(path)

    assert pragma(path, "user_version") == SCHEMA_VERSION


def left_by_a_kill(path: Path) -> tuple[Path, bytes]:
    """The log of a store whose main file was deleted, and what is in it."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version")
        log = Path(f"{path}-wal")
        connection.execute("INSERT INTO projects VALUES ('a', 'b', 0, '{}')")
        connection.commit()
        content = log.read_bytes()
    path.unlink()
    log.write_bytes(content)
    return log, content


@pytest.mark.parametrize("create", [True, False])
@pytest.mark.parametrize("is_empty", [True, False])
def test_no_store_is_made_beside_the_log_of_one_that_is_gone(
    open_store: Open, path: Path, create: bool, is_empty: bool
) -> None:
    open_store(path).close()
    log, content = left_by_a_kill(path)
    if is_empty:
        path.touch()
    with pytest.raises(StoreUnusable, match=f"its log {log} is there") as caught:
        open_store(path, create=create)

    assert caught.value.advice == (Advice(AdviceCode.FIND_LOST_STORE, {"log": log}),)
    assert log.read_bytes() == content
    assert path.exists() is is_empty


@pytest.mark.parametrize("create", [True, False])
def test_no_store_is_made_beside_the_saved_copy_of_one_that_is_gone(
    open_store: Open, path: Path, create: bool
) -> None:
    for day in ("20260101", "20260102"):
        path.with_name(f"{path.name}.saved-{day}T000000Z").touch()

    with pytest.raises(StoreUnusable, match="is gone") as caught:
        open_store(path, create=create)

    newest = path.with_name(f"{path.name}.saved-20260102T000000Z")
    assert caught.value.advice == (Advice(AdviceCode.RESTORE_SAVED_COPY, {"copy": newest}),)


def test_an_empty_log_is_no_reason_not_to_make_a_store(open_store: Open, path: Path) -> None:
    Path(f"{path}-wal").touch()

    open_store(path)


async def test_a_copy_of_a_closed_store_is_a_store(
    open_store: Open, path: Path, tmp_path: Path
) -> None:
    project = a_project()
    first = open_store(path)
    await SqliteProjectRegister(first).add(project)
    first.close()
    copy = Path(shutil.copy(path, tmp_path / "copy.db"))

    assert await SqliteProjectRegister(open_store(copy, create=False)).all() == [project]
