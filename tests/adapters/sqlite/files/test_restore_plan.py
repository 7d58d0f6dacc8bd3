"""Where a plan could not be done none is written. Killed at each step: `test_restore_killed`."""

import asyncio
import errno
import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from adapters.sqlite import SqliteDatabase, SqliteStoreBackup
from domain.errors import Advice, AdviceCode, StoreUnusable
from tests.adapters.sqlite.files.test_lost_files import add_a_project, count_projects
from tests.contracts.store_backup import fine, quiet


@pytest.fixture
def backup(path: Path) -> SqliteStoreBackup:
    """Over a store that is closed and has one project."""
    with closing(SqliteDatabase(path)) as database:
        database.open(create=True)
        asyncio.run(database.write(add_a_project))
    return SqliteStoreBackup(path, path.with_name("swiftcrm.db.key"))


@pytest.fixture
def file(backup: SqliteStoreBackup, tmp_path: Path) -> Path:
    """A backup of it."""
    return backup.save(tmp_path / "b.db", quiet).file


@pytest.fixture
def refuse_links(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From then on the file system takes no hard links, as exFAT and some network's disks."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    return lambda: monkeypatch.setattr(os, "link", refuse)


def test_where_the_old_store_cannot_be_put_aside_nothing_is_begun(
    backup: SqliteStoreBackup, file: Path, path: Path, refuse_links: Callable[[], None]
) -> None:
    before = set(path.parent.iterdir())
    refuse_links()
    with pytest.raises(StoreUnusable, match="takes no links") as caught:
        backup.put_back(file, fine, replace=True)

    advice = Advice(AdviceCode.MOVE_STORE_YOURSELF, {"store": path.name})
    assert caught.value.advice == (advice,)
    assert set(path.parent.iterdir()) == before
    with closing(SqliteDatabase(path)) as database:
        database.open(create=False)
        assert asyncio.run(database.read(count_projects)) == 1


def test_no_links_are_needed_where_there_is_no_store_yet(
    file: Path, tmp_path: Path, refuse_links: Callable[[], None]
) -> None:
    refuse_links()
    elsewhere = tmp_path / "new" / "x.db"
    backup = SqliteStoreBackup(elsewhere, elsewhere.with_name("x.db.key"))

    assert backup.put_back(file, fine, replace=False).content.projects == 1
