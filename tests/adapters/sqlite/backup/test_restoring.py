"""A copy is put in the place of the store, and nothing else is harmed."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from adapters.sqlite import SqliteStoreBackup
from adapters.sqlite.connection.driver import sqlite3
from domain.errors import (
    Advice,
    AdviceCode,
    BackupUnusable,
    NameTaken,
    StorageUnavailable,
    StoreInUse,
)
from tests.adapters.sqlite.backup.files import add_by_hand, in_file
from tests.adapters.sqlite.conftest import Open
from tests.adapters.sqlite.files.test_lost_files import count_projects
from tests.contracts.store_backup import fine, quiet


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

    with pytest.raises(BackupUnusable, match="newer version") as caught:
        backup.put_back(file, fine, replace=True)
    assert caught.value.advice == (Advice(AdviceCode.RUN_NEWER_PROGRAM),)


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

    with pytest.raises(StoreInUse) as caught:
        backup.put_back(file, fine, replace=True)

    assert caught.value.advice == (Advice(AdviceCode.CLOSE_STORE),)


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
    monkeypatch.setattr("adapters.sqlite.connection.database.OPEN_TIMEOUT_SECONDS", 0.05)
    backup.save(file, quiet)
    tried = []

    def try_to_open(_: object) -> None:
        with pytest.raises(StorageUnavailable, match="restoring a backup"):
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
