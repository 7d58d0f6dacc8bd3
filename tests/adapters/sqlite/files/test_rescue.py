"""The main file of an open store is deleted: one process copies all of it, as soon as it can."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from adapters.sqlite import SqliteDatabase
from adapters.sqlite.connection.driver import sqlite3
from adapters.sqlite.files.rescue import Rescue
from domain.errors import Advice, AdviceCode, StorageUnavailable
from tests.adapters.sqlite.files.test_lost_files import add_a_project, projects_in


def copies(path: Path) -> list[Path]:
    """Of the store, in the order in which they were made, whole or not."""
    found = [*path.parent.glob(f"{path.name}.saved-*"), *path.parent.glob("*.partial")]
    return sorted(found, key=lambda one: one.stat().st_mtime_ns)


async def write_in_each(*databases: SqliteDatabase) -> None:
    """As a server does when it starts."""
    for one in databases:
        await one.write(add_a_project)


async def notice(database: SqliteDatabase) -> None:
    with pytest.raises(StorageUnavailable):
        await database.write(add_a_project)


@pytest.fixture
def lines(database: SqliteDatabase) -> Iterator[list[EventDict]]:
    with capture_logs() as lines:
        database._loss.speak()
        yield lines


def events(lines: list[EventDict]) -> list[str]:
    return [line["event"] for line in lines]


async def test_all_that_was_acknowledged_is_in_a_copy_for_the_owner_alone(
    database: SqliteDatabase,
    other_database: SqliteDatabase,
    lines: list[EventDict],
    tmp_path: Path,
) -> None:
    await write_in_each(database, other_database)
    database.path.unlink()
    await notice(database)

    (copy,) = copies(database.path)
    assert projects_in(copy, tmp_path) == 2
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert copy.stat().st_mode & 0o777 == 0o600
    assert lines[-1]["event"] == "store.saved"
    assert lines[-1]["advice"] == [Advice(AdviceCode.RESTORE_NEW_COPY, {"copy": str(copy)})]


async def test_what_was_lost_is_said_before_anything_is_copied(database: SqliteDatabase) -> None:
    await write_in_each(database)
    copied_when_said = []

    def look(_: object, __: str, line: EventDict) -> EventDict:
        copied_when_said.append((line["event"], len(copies(database.path))))
        return line

    with capture_logs(processors=(look,)) as lines:
        database._loss.speak()
        database.path.unlink()
        await notice(database)

    assert copied_when_said == [("store.lost", 0), ("store.saved", 1)]
    assert [advice.code for advice in lines[0]["advice"]] == [AdviceCode.MOVE_BACK_OR_WAIT_FOR_COPY]


async def test_a_copy_that_failed_is_tried_again_until_it_is_made(
    database: SqliteDatabase, lines: list[EventDict], tmp_path: Path
) -> None:
    await write_in_each(database)
    folder = database.path.parent
    folder.rename(folder.with_name(f"{folder.name}, moved away"))
    await notice(database)
    database._look()
    before = events(lines)
    folder.mkdir()
    for _ in range(2):
        database._look()

    assert before == ["store.lost", "store.not_saved"]
    assert "No such file" in lines[1]["reason"]
    assert events(lines) == [*before, "store.saved"]
    (copy,) = copies(database.path)
    assert projects_in(copy, tmp_path) == 1


async def test_that_the_disk_has_too_little_room_is_said_once_however_much_is_free(
    database: SqliteDatabase, lines: list[EventDict], monkeypatch: pytest.MonkeyPatch
) -> None:
    await write_in_each(database)
    room = [49_999, 0, 1_000_000]
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=room.pop(0)))
    database.path.unlink()
    await notice(database)
    for _ in range(2):
        database._look()

    assert events(lines) == ["store.lost", "store.not_saved", "store.saved"]
    assert lines[1]["reason"].startswith("There is not enough room on the disk: the copy needs ")
    assert lines[1]["reason"].endswith(" MB, and 0.0 MB is free.")


async def test_one_process_copies_for_all_and_the_others_say_which(
    database: SqliteDatabase, other_database: SqliteDatabase, lines: list[EventDict]
) -> None:
    await write_in_each(database, other_database)
    other_database._loss.speak()
    assert database._writer is not None

    def let_the_other_look(sql: str) -> None:
        if sql == "ROLLBACK" and "store.lost" in events(lines):  # the copy is not whole yet
            for _ in range(2):
                other_database._look()

    database._writer.set_trace_callback(let_the_other_look)
    database.path.unlink()
    await notice(database)
    other_database._look()

    assert events(lines) == [
        "store.lost",
        *("store.lost", "store.saving"),
        *("store.saved", "store.saved"),
    ]
    assert lines[2]["process"] == os.getpid()
    assert [Path(line["copy"]) for line in lines[3:]] == copies(database.path) * 2


async def test_a_copy_of_others_that_lacks_what_came_later_is_not_enough(
    database: SqliteDatabase, other_database: SqliteDatabase, tmp_path: Path
) -> None:
    await write_in_each(database, other_database)
    moved = database.path.rename(tmp_path / "moved.db")
    await notice(database)
    moved.rename(database.path)
    await other_database.write(add_a_project)
    database.path.unlink()
    await notice(other_database)

    assert [projects_in(copy, tmp_path) for copy in copies(database.path)] == [2, 3]


def test_where_one_process_cannot_copy_another_does(
    by_hand: sqlite3.Connection, path: Path
) -> None:
    first, second = Rescue(path), Rescue(path)
    with closing(sqlite3.connect(path)) as closed:
        pass
    with pytest.raises(sqlite3.Error):
        first(closed)

    assert [second(by_hand)] == copies(path)
    second.close()


@pytest.mark.parametrize("put", [Path.symlink_to, Path.hardlink_to, lambda n, p: p.rename(n)])
def test_what_others_put_at_the_name_of_the_note_is_left_alone_and_does_not_stop_the_copy(
    by_hand: sqlite3.Connection, path: Path, tmp_path: Path, put: Callable[[Path, Path], object]
) -> None:
    precious = tmp_path / "precious"
    precious.write_text("precious")
    note = path.with_name("swiftcrm.db.saving")
    put(note, precious)
    rescue = Rescue(path)
    copy = rescue(by_hand)
    rescue.close()

    assert [copy] == copies(path)
    assert note.read_text() == "precious"


async def test_once_all_have_ended_only_the_copy_is_left_of_the_saving(
    database: SqliteDatabase, other_database: SqliteDatabase
) -> None:
    await write_in_each(database, other_database)
    database.path.unlink()
    for one in (database, other_database):
        await notice(one)
    for one in (database, other_database):
        one.close()

    assert [*database.path.parent.glob("swiftcrm.db.sav*")] == copies(database.path)


async def test_a_process_that_never_wrote_can_copy_as_well(database: SqliteDatabase) -> None:
    database.path.unlink()
    await notice(database)

    assert len(copies(database.path)) == 1
