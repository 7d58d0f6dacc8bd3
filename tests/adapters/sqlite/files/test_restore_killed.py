"""A restore is killed at each of its steps: there is the old store or the new one, never less."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

import adapters
from adapters.sqlite import SqliteDatabase, SqliteStoreBackup
from tests.adapters.sqlite.files.test_lost_files import add_a_project, count_projects
from tests.contracts.store_backup import fine, quiet

SOURCE = Path(adapters.__file__).parents[1]
STEPS = 40
"""More than there are; one that is never reached ends the restore in peace."""
RESTORES = """
import os, signal, sys
from pathlib import Path
from adapters.sqlite import SqliteStoreBackup

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell in the background ignores it
left = how = 0

def killing(call):
    def counted(*arguments, **named):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), how)
        return call(*arguments, **named)
    return counted

for name in ("link", "unlink", "rename", "replace", "fsync"):
    setattr(os, name, killing(getattr(os, name)))

def restore(store):
    backup = SqliteStoreBackup(store, store.with_name("x.db.key"))
    backup.put_back(store.with_name("b.db"), lambda _: None, replace=True)

for line in sys.stdin:
    first, second, store = line.split(maxsplit=2)
    if not (child := os.fork()):
        left, how = int(first), int(second)
        try:
            restore(Path(store.strip()))
        except KeyboardInterrupt:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.kill(os.getpid(), signal.SIGINT)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""Restores in a process each, which is killed at the step that is said; so Python starts once."""
Restore = Callable[..., int]
"""From a step, a store, and how it is killed there, to how the process ended."""


@pytest.fixture(scope="module")
def restore_killed_at() -> Iterator[Restore]:
    with subprocess.Popen(
        [sys.executable, "-c", RESTORES],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        asked, told = process.stdin, process.stdout
        assert asked is not None
        assert told is not None

        def restore_killed_at(step: int, store: Path, how: signal.Signals = signal.SIGKILL) -> int:
            asked.write(f"{step} {how.value} {store}\n")
            asked.flush()
            return int(told.readline())

        yield restore_killed_at


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of two projects with its key, and a backup of one with another."""
    folder = tmp_path_factory.mktemp("before")
    store = folder / "x.db"
    with closing(SqliteDatabase(store)) as database:
        database.open(create=True)
        asyncio.run(database.write(add_a_project))
        SqliteStoreBackup(store, folder / "none").save(folder / "b.db", quiet)
        asyncio.run(database.write(add_a_project))
    (folder / "x.db.key").write_text("2")
    (folder / "b.db.key").write_text("1")
    return folder


def projects_in(store: Path) -> int:
    with closing(SqliteDatabase(store)) as database:
        database.open(create=True)
        return asyncio.run(database.read(count_projects))


@pytest.mark.parametrize(("how", "every"), [(signal.SIGKILL, 1), (signal.SIGINT, 2)])
def test_killed_at_any_step_it_leaves_the_old_store_or_the_new_one_with_its_key(
    folder: Path, tmp_path: Path, restore_killed_at: Restore, how: signal.Signals, every: int
) -> None:
    found = []
    for step in range(1, STEPS, every):
        store = Path(shutil.copytree(folder, tmp_path / str(step))) / "x.db"
        ended = restore_killed_at(step, store, how)
        is_decided = store.with_name("x.db.restoring").exists()
        projects = projects_in(store)
        found.append(projects)

        assert projects == 1 or not is_decided
        assert store.with_name("x.db.key").read_text() == str(projects)
        asides = list(store.parent.glob("x.db.replaced-*Z"))
        assert projects == 2 or [projects_in(aside) for aside in asides] == [2]
        if ended == 0:
            break
        assert ended == -how

    assert ended == 0
    assert found == sorted(found, reverse=True)  # the old one up to a moment, then the new one
    assert set(found) == {1, 2}
    assert len(found) > 10 / every


def test_what_a_killed_restore_left_does_not_disturb_the_next_one(
    folder: Path, tmp_path: Path, restore_killed_at: Restore
) -> None:
    store = Path(shutil.copytree(folder, tmp_path / "again")) / "x.db"
    for step in (2, 6, 9):
        restore_killed_at(step, store)
    backup = SqliteStoreBackup(store, store.with_name("x.db.key"))
    backup.put_back(store.with_name("b.db"), fine, replace=True)

    assert projects_in(store) == 1
    left = [one.name for one in store.parent.iterdir() if one.name.endswith((".restore", ".draft"))]
    assert left == []


def test_what_sqlite_left_beside_a_draft_goes_too(folder: Path, tmp_path: Path) -> None:
    store = Path(shutil.copytree(folder, tmp_path / "beside")) / "x.db"
    for ending in ("", "-wal", "-shm"):
        store.with_name(f"x.db.0123.restore{ending}").touch()
    backup = SqliteStoreBackup(store, store.with_name("x.db.key"))
    backup.put_back(store.with_name("b.db"), fine, replace=True)

    assert list(store.parent.glob("*.restore*")) == []
