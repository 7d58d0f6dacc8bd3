"""Where the files of a backup and of a restore are, and whose they are."""

import asyncio
import os
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from adapters.sqlite import SqliteDatabase, SqliteStoreBackup
from adapters.sqlite.files.restore_plan import RestorePlan, plan_file
from domain.errors import Advice, AdviceCode, BackupUnusable, StoreUnusable
from tests.adapters.sqlite.backup.files import in_file
from tests.adapters.sqlite.conftest import Open
from tests.adapters.sqlite.files.test_lost_files import add_a_project
from tests.contracts.store_backup import fine, quiet


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store" / "x.db"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a copy is to be."""
    return tmp_path / "b.db"


def add_project(path: Path) -> None:
    with closing(SqliteDatabase(path)) as database:
        database.open(create=True)
        asyncio.run(database.write(add_a_project))


@pytest.fixture
def backup(path: Path) -> SqliteStoreBackup:
    add_project(path)
    return SqliteStoreBackup(path, path.with_name("x.db.key"))


def test_root_gives_the_new_store_and_the_plan_away_by_what_it_has_open_and_not_by_name(
    backup: SqliteStoreBackup, file: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup.save(file, quiet)
    given: list[int] = []
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "chown", None)
    monkeypatch.setattr(os, "fchown", lambda made, *_: given.append(os.fstat(made).st_ino))
    backup.put_back(file, fine, replace=True)

    assert len(given) == 2
    assert given[0] == path.stat().st_ino


@pytest.mark.parametrize(
    "put", [Path.symlink_to, Path.hardlink_to, lambda plan, _: os.mkfifo(plan)]
)
def test_a_plan_that_is_somebody_elses_file_is_not_carried_out(
    backup: SqliteStoreBackup,
    file: Path,
    path: Path,
    open_store: Open,
    put: Callable[[Path, Path], None],
) -> None:
    backup.save(file, quiet)
    plan = RestorePlan(Path(shutil.copy(file, path.with_name("draft"))).name, "", "k", "aside")
    plan.write(path)
    elsewhere = plan_file(path).rename(path.with_name("elsewhere"))
    put(plan_file(path), elsewhere)
    with pytest.raises(StoreUnusable, match="not an ordinary file with one name"):
        open_store(path)

    assert path.with_name("draft").exists()


@pytest.fixture
def linked(backup: SqliteStoreBackup, path: Path, tmp_path: Path) -> SqliteStoreBackup:
    """The same store, reached through a link; its key is beside the link."""
    link = tmp_path / "link.db"
    link.symlink_to(path)
    key_file = tmp_path / "link.db.key"
    key_file.write_text("the key")
    return SqliteStoreBackup(link, key_file)


def test_a_store_behind_a_link_is_saved_and_put_back_where_its_file_is(
    linked: SqliteStoreBackup, file: Path, path: Path, tmp_path: Path
) -> None:
    linked.save(file, quiet)
    add_project(path)
    done = linked.put_back(file, fine, replace=True)

    assert (tmp_path / "link.db").is_symlink()
    assert done.aside is not None
    assert (in_file(path), in_file(done.aside)) == (1, 2)
    assert not [*tmp_path.glob("*.lock")]


def test_a_store_is_not_put_back_without_a_key_that_is_in_another_folder(
    linked: SqliteStoreBackup, file: Path, path: Path, tmp_path: Path
) -> None:
    linked.save(file, quiet)
    (tmp_path / "link.db.key").write_text("another key")
    before = path.stat().st_ino
    with pytest.raises(BackupUnusable, match="symbolic link") as caught:
        linked.put_back(file, fine, replace=True)
    (tmp_path / "link.db.key").write_text("the key")
    unchanged = path.stat().st_ino == before
    linked.put_back(file, fine, replace=True)

    names = {"old": tmp_path / "link.db.key", "new": Path(f"{file}.key")}
    assert caught.value.advice == (Advice(AdviceCode.MOVE_KEY_YOURSELF, names),)
    assert unchanged
    assert path.stat().st_ino != before


@pytest.mark.usefixtures("backup")
def test_no_copy_gets_a_name_beside_the_store_through_a_linked_folder(
    path: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "linked"
    folder.symlink_to(path.parent)
    store = folder / path.name
    with pytest.raises(BackupUnusable, match="SQLite uses"):
        SqliteStoreBackup(store, tmp_path / "none").save(folder / "x.db-wal", quiet)
