import asyncio
import os
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from adapters.sqlite import SqliteDatabase, SqliteStoreBackup
from adapters.sqlite import copies as copies_module
from application.ports.errors import (
    BackupUnusable,
    NameTaken,
    StorageUnavailable,
    StoreInUse,
    StoreUnusable,
)
from tests.adapters.sqlite.conftest import Open
from tests.adapters.sqlite.test_lost_files import add_a_project, count_projects
from tests.contracts.store_backup import StoreBackupContract, fine, quiet


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


class TestSqliteStoreBackup(StoreBackupContract):
    """All is in the contract."""


def in_file(file: Path) -> int:
    with closing(sqlite3.connect(f"{file.as_uri()}?immutable=1", uri=True)) as connection:
        return count_projects(connection)


def add_by_hand(path: Path) -> sqlite3.Connection:
    """A project whose row is in the log alone, as the connection stays open."""
    connection = sqlite3.connect(path, isolation_level=None)
    add_a_project(connection)
    return connection


def test_what_is_in_the_log_alone_is_in_the_copy_and_not_in_what_cp_makes(
    backup: SqliteStoreBackup, path: Path, file: Path
) -> None:
    with closing(add_by_hand(path)):
        copied = shutil.copy(path, file.with_name("cp.db"))
        backup.save(file, quiet)

    assert (in_file(Path(copied)), in_file(file)) == (1, 2)


def test_a_copy_is_one_file_that_needs_no_log(backup: SqliteStoreBackup, file: Path) -> None:
    backup.save(file, quiet)

    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert list(file.parent.iterdir()) == [file]


def test_a_copy_ends_beside_others_that_write_all_the_time(
    backup: SqliteStoreBackup, path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.sqlite.copies.STEP_PAGES", 1)
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


def test_a_damaged_copy_is_not_put_back(
    backup: SqliteStoreBackup, file: Path, projects_in_place: Callable[[], int]
) -> None:
    backup.save(file, quiet)
    content = bytearray(file.read_bytes())
    content[4096 * 3 : 4096 * 6] = os.urandom(4096 * 3)
    file.write_bytes(content)

    with pytest.raises(BackupUnusable):
        backup.put_back(file, fine, replace=True)

    assert projects_in_place() == 1


def test_a_copy_of_a_newer_version_is_not_put_back(backup: SqliteStoreBackup, file: Path) -> None:
    backup.save(file, quiet)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA user_version = 99")

    with pytest.raises(BackupUnusable, match="newer version"):
        backup.put_back(file, fine, replace=True)


def test_a_file_with_a_log_beside_it_is_not_put_back(backup: SqliteStoreBackup, file: Path) -> None:
    backup.save(file, quiet)
    file.with_name("b.db-wal").write_bytes(b"what the file has not")

    with pytest.raises(BackupUnusable, match="has a log beside it"):
        backup.put_back(file, fine, replace=True)


def test_nothing_is_put_back_while_somebody_has_the_store_open(
    backup: SqliteStoreBackup, file: Path, open_store: Open, path: Path
) -> None:
    backup.save(file, quiet)
    open_store(path)

    with pytest.raises(StoreInUse, match="end every `swiftcrm serve`"):
        backup.put_back(file, fine, replace=True)


@pytest.fixture
def idle_shell(path: Path, backup: SqliteStoreBackup) -> Iterator[None]:
    """Another program that has the store open and does nothing: it knows nothing of our lock."""
    with closing(sqlite3.connect(path)) as connection:
        count_projects(connection)
        yield


@pytest.mark.usefixtures("idle_shell")
def test_nothing_is_put_back_while_another_program_has_the_store_open(
    backup: SqliteStoreBackup, file: Path, projects_in_place: Callable[[], int]
) -> None:
    backup.save(file, quiet)

    with pytest.raises(StoreInUse):
        backup.put_back(file, fine, replace=True)

    assert projects_in_place() == 1


def test_nobody_opens_the_store_while_a_copy_is_put_back(
    backup: SqliteStoreBackup,
    file: Path,
    open_store: Open,
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("adapters.sqlite.database.OPEN_TIMEOUT_SECONDS", 0.05)
    backup.save(file, quiet)
    tried = []

    def try_to_open(_: object) -> None:
        with pytest.raises(StorageUnavailable, match="restores a backup"):
            open_store(path)
        with (
            closing(sqlite3.connect(path, timeout=0)) as other,
            pytest.raises(sqlite3.OperationalError, match="locked"),
        ):
            count_projects(other)
        tried.append(path)

    backup.put_back(file, try_to_open, replace=True)

    assert tried == [path]


def test_the_old_store_is_put_aside_whole_with_its_log_and_its_key(
    backup: SqliteStoreBackup, file: Path, path: Path, key_file: Path
) -> None:
    key_file.write_text("old key")
    backup.save(file, quiet)
    file.with_name("b.db.key").write_text("key of the copy")
    log = _left_by_a_crash(path)
    done = backup.put_back(file, fine, replace=True)

    assert log.exists() is False
    assert done.aside is not None
    assert (in_file(path), in_file(done.aside)) == (1, 2)
    assert key_file.read_text() == "key of the copy"
    assert done.aside.with_name(f"{done.aside.name}.key").read_text() == "old key"
    assert done.aside.name.startswith("x.db.replaced-20")


def _left_by_a_crash(path: Path) -> Path:
    """A log with a project that the main file has not, as `kill -9` leaves it."""
    log = path.with_name("x.db-wal")
    with closing(add_by_hand(path)):
        main, written = path.read_bytes(), log.read_bytes()
    path.write_bytes(main)
    log.write_bytes(written)
    return log


def test_a_store_that_is_damaged_is_put_aside_with_its_log(
    backup: SqliteStoreBackup, file: Path, path: Path, projects_in_place: Callable[[], int]
) -> None:
    backup.save(file, quiet)
    path.write_bytes(b"damaged" * 1000)
    path.with_name("x.db-wal").write_bytes(b"its log")
    with pytest.raises(NameTaken):
        backup.put_back(file, fine, replace=False)
    done = backup.put_back(file, fine, replace=True)

    assert not path.with_name("x.db-wal").exists()
    assert done.aside is not None
    assert done.aside.read_bytes() == b"damaged" * 1000
    assert done.aside.with_name(f"{done.aside.name}-wal").read_bytes() == b"its log"
    assert projects_in_place() == 1


def test_a_copy_is_put_where_there_is_no_store(
    backup: SqliteStoreBackup, file: Path, tmp_path: Path, projects_in_place: Callable[[], int]
) -> None:
    backup.save(file, quiet)
    elsewhere = tmp_path / "new" / "x.db"
    done = SqliteStoreBackup(elsewhere, elsewhere.with_name("x.db.key")).put_back(
        file, fine, replace=False
    )

    assert done.aside is None
    assert in_file(elsewhere) == 1
    assert {one.name for one in elsewhere.parent.iterdir()} == {"x.db", "x.db.lock"}


def test_a_store_without_a_project_is_replaced_without_a_word(
    backup: SqliteStoreBackup, file: Path, open_store: Open, tmp_path: Path
) -> None:
    backup.save(file, quiet)
    empty = open_store(tmp_path / "empty.db")
    empty.close()
    other = SqliteStoreBackup(empty.path, tmp_path / "empty.db.key")

    assert other.put_back(file, fine, replace=False).content.projects == 1


def test_the_copy_is_looked_through_before_it_gets_its_name(
    backup: SqliteStoreBackup, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = copies_module.connect

    def spoiled(one: Path, options: str = "mode=rw") -> sqlite3.Connection:
        if "immutable" in options:  # it is about to be looked through
            with one.open("r+b") as opened:
                opened.seek(4096 * 3)
                opened.write(os.urandom(4096 * 3))
        return real(one, options)

    monkeypatch.setattr(copies_module, "connect", spoiled)
    with pytest.raises(BackupUnusable):
        backup.save(file, quiet)

    assert list(file.parent.iterdir()) == []
