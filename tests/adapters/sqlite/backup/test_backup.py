"""A copy of the store, while others write and not."""

import asyncio
import os
import shutil
import threading
from contextlib import closing
from pathlib import Path

import pytest

from adapters.sqlite import SqliteHeldLedger, SqliteProjectRegister, SqliteStoreBackup
from adapters.sqlite.backup import content as content_module
from adapters.sqlite.connection.driver import sqlite3
from domain.errors import (
    BackupUnusable,
    NameTaken,
    StoreUnusable,
)
from domain.held import LINES
from tests.adapters.sqlite.backup.files import add_by_hand, in_file
from tests.adapters.sqlite.conftest import Open
from tests.adapters.sqlite.files.test_lost_files import add_a_project, count_projects
from tests.contracts.store_backup import StoreBackupContract, fine, quiet
from tests.support.builders import a_held_call, a_project


class TestSqliteStoreBackup(StoreBackupContract):
    """All is in the contract."""


def test_what_is_in_the_log_alone_is_in_the_copy_and_not_in_what_cp_makes(
    backup: SqliteStoreBackup, path: Path, file: Path
) -> None:
    with closing(add_by_hand(path)):
        copied = shutil.copy(path, file.with_name("cp.db"))
        backup.save(file, quiet)

    assert (in_file(Path(copied)), in_file(file)) == (1, 2)


async def test_lines_about_refused_calls_are_not_counted_as_held(
    open_store: Open, path: Path, key_file: Path, file: Path
) -> None:
    project = a_project()
    with closing(open_store(path)) as database:
        await SqliteProjectRegister(database).add(project)
        lines = [a_held_call(project, code=line) for line in LINES]
        await SqliteHeldLedger(database).hold([a_held_call(project), *lines])

    assert SqliteStoreBackup(path, key_file).save(file, quiet).content.held == 1


def test_a_copy_is_one_file_that_needs_no_log(backup: SqliteStoreBackup, file: Path) -> None:
    backup.save(file, quiet)

    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert list(file.parent.iterdir()) == [file]


def test_a_copy_ends_beside_others_that_write_all_the_time(
    backup: SqliteStoreBackup, path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.sqlite.files.copies.STEP_PAGES", 1)
    steps: list[float] = []
    with closing(sqlite3.connect(path, isolation_level=None)) as other:

        def write_between(done: float) -> None:
            steps.append(done)
            assert len(steps) < 1000, "it begins anew after each write"
            add_a_project(other)

        saved = backup.save(file, write_between)

    assert saved.content.projects == 1
    assert steps == sorted(set(steps))
    assert steps[-1] == 1


async def test_who_writes_does_not_wait_for_a_copy(
    backup: SqliteStoreBackup, open_store: Open, path: Path, file: Path
) -> None:
    database = open_store(path)
    copying, go_on = threading.Event(), threading.Event()

    def hold(_: float) -> None:
        copying.set()
        go_on.wait()

    saving = asyncio.create_task(asyncio.to_thread(backup.save, file, hold))
    await asyncio.to_thread(copying.wait)
    await database.write(add_a_project)
    go_on.set()

    assert (await saving).content.projects == 1
    assert await database.read(count_projects) == 2


async def test_who_opens_a_store_that_was_just_put_back_does_not_wait_for_a_copy(
    backup: SqliteStoreBackup, open_store: Open, path: Path, file: Path
) -> None:
    backup.save(file, quiet)
    backup.put_back(file, fine, replace=True)
    opened = []

    def open_meanwhile(_: float) -> None:
        opened.append(open_store(path))

    backup.save(file.with_name("again.db"), open_meanwhile)

    assert len(opened) == 1


def test_the_key_comes_along(backup: SqliteStoreBackup, key_file: Path, file: Path) -> None:
    key_file.write_text("the key")
    saved = backup.save(file, quiet)

    assert saved.key_file == file.with_name("b.db.key")
    assert saved.key_file.read_text() == "the key"
    assert saved.key_file.stat().st_mode & 0o777 == 0o600


def test_another_key_is_never_overwritten(
    backup: SqliteStoreBackup, key_file: Path, file: Path
) -> None:
    key_file.write_text("the key")
    file.with_name("b.db.key").write_text("another key")

    with pytest.raises(NameTaken, match="another key"):
        backup.save(file, quiet)

    assert [one.read_text() for one in file.parent.iterdir()] == ["another key"]


def test_the_key_that_a_killed_backup_left_does_no_harm(
    backup: SqliteStoreBackup, key_file: Path, file: Path
) -> None:
    for one in (key_file, file.with_name("b.db.key")):
        one.write_text("the key")

    assert backup.save(file, quiet).key_file is not None


def test_a_file_that_appears_meanwhile_is_not_overwritten(
    backup: SqliteStoreBackup, key_file: Path, file: Path
) -> None:
    key_file.write_text("the key")

    with pytest.raises(NameTaken):
        backup.save(file, lambda _: file.write_bytes(b"precious") and None)

    assert [one.read_bytes() for one in file.parent.iterdir()] == [b"precious"]


@pytest.mark.parametrize("ending", ["-wal", "-shm", "-journal"])
def test_no_copy_gets_a_name_that_sqlite_uses_beside_the_store(
    backup: SqliteStoreBackup, path: Path, ending: str
) -> None:
    with pytest.raises(BackupUnusable, match="SQLite uses"):
        backup.save(path.with_name(f"x.db{ending}"), quiet)


def test_there_is_no_copy_of_no_store(tmp_path: Path, file: Path, key_file: Path) -> None:
    with pytest.raises(StoreUnusable, match="There is no store at"):
        SqliteStoreBackup(tmp_path / "none" / "x.db", key_file).save(file, quiet)

    assert not (tmp_path / "none").exists()
    assert list(file.parent.iterdir()) == []


def test_there_is_no_copy_of_an_empty_file_beside_a_log(
    path: Path, file: Path, key_file: Path
) -> None:
    path.parent.mkdir()
    path.touch()
    log = path.with_name("x.db-wal")
    log.write_bytes(b"what was acknowledged last")
    with pytest.raises(StoreUnusable, match="is gone, but its log"):
        SqliteStoreBackup(path, key_file).save(file, quiet)

    assert log.read_bytes() == b"what was acknowledged last"


def test_there_is_no_copy_of_another_programs_database(
    tmp_path: Path, file: Path, key_file: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "theirs.db")) as connection:
        connection.execute("CREATE TABLE notes (text TEXT)")

    with pytest.raises(StoreUnusable, match="not a store of this program"):
        SqliteStoreBackup(tmp_path / "theirs.db", key_file).save(file, quiet)


def test_the_copy_is_looked_through_before_it_gets_its_name(
    backup: SqliteStoreBackup, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = content_module.connect

    def spoiled(one: Path, options: str = "mode=rw") -> sqlite3.Connection:
        if "immutable" in options:  # it is about to be looked through
            with one.open("r+b") as opened:
                opened.seek(4096 * 3)
                opened.write(os.urandom(4096 * 3))
        return real(one, options)

    monkeypatch.setattr(content_module, "connect", spoiled)
    with pytest.raises(BackupUnusable):
        backup.save(file, quiet)

    assert list(file.parent.iterdir()) == []
