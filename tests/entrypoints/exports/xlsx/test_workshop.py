"""Where an Excel file is made, and that nothing stays there."""

import asyncio
import gc
import os
import resource
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, contextmanager
from pathlib import Path
from threading import Event
from zipfile import ZipFile

import pytest
from xlsxwriter.exceptions import XlsxFileError

from domain.lead import Lead
from entrypoints.exports.export_format import FileNotMade
from entrypoints.exports.xlsx import sheets
from entrypoints.exports.xlsx.sheets import Book
from entrypoints.exports.xlsx.workshop import Output
from entrypoints.exports.xlsx.xlsx_format import xlsx_format
from tests.entrypoints.exports.tables import a_lead, given, made

UNCLOSED = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
"""Where a file is not finished, the library leaves its rows open; the folder goes all the same."""


def test_the_file_is_for_its_owners_eyes_alone_and_goes(folder: Path) -> None:
    async def rights() -> list[int]:
        async with aclosing(xlsx_format().pieces(given([a_lead()]))) as pieces:
            await anext(pieces)
            return _rights_of_others(folder)

    assert asyncio.run(rights()) == [0]
    assert _left(folder) == []


@UNCLOSED
def test_who_stops_waiting_leaves_nothing_behind(folder: Path) -> None:
    async def stop() -> None:
        is_read = asyncio.Event()

        async def leads() -> AsyncIterator[Lead]:
            for number in range(1, 2_000):
                yield a_lead(number)
            is_read.set()
            await asyncio.Event().wait()

        waiting = asyncio.ensure_future(anext(xlsx_format().pieces(leads())))
        await is_read.wait()
        waiting.cancel()
        await asyncio.wait([waiting])

    asyncio.run(stop())

    assert _left(folder) == []


@UNCLOSED
def test_a_file_that_nobody_waits_for_is_not_finished(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_closing, nobody_waits, close = Event(), Event(), Book.close
    failures = []

    def close_late(book: Book) -> None:
        is_closing.set()
        nobody_waits.wait()
        try:
            close(book)
        except XlsxFileError as error:
            failures.append(error)

    async def stop() -> None:
        waiting = asyncio.ensure_future(anext(xlsx_format().pieces(given([a_lead()]))))
        await asyncio.to_thread(is_closing.wait)
        waiting.cancel()
        await asyncio.wait([waiting])
        nobody_waits.set()

    monkeypatch.setattr(Book, "close", close_late)
    asyncio.run(stop())

    assert _left(folder) == []
    assert len(failures) == 1


def test_a_file_that_is_given_up_in_the_middle_still_has_an_end(folder: Path) -> None:
    output = Output(folder / "x")
    parts = ZipFile(output, "w")
    parts.writestr("a", "x" * 1_000)
    output.is_given_up = True

    with pytest.raises(InterruptedError):
        parts.writestr("b", "x")
    parts.close()
    output.close()


@UNCLOSED
def test_a_file_that_finds_no_room_is_told(folder: Path) -> None:
    leads = [a_lead(number, referrer="x" * 500) for number in range(1, 500)]

    with _files_of_at_most(20_000), pytest.raises(FileNotMade, match=f"in {folder}: .*too large"):
        asyncio.run(made(xlsx_format(), *leads))

    assert _left(folder) == []


@UNCLOSED
def test_the_disk_is_not_filled_to_the_last(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "ROOM_KEPT", sys.maxsize)
    monkeypatch.setattr(sheets, "SHARE_KEPT", 1)

    with pytest.raises(FileNotMade, match="No space left"):
        asyncio.run(made(xlsx_format(), a_lead()))

    assert _left(folder) == []


def test_what_a_killed_process_left_is_removed_a_day_later(folder: Path) -> None:
    old, young, other = (folder / name for name in ("swiftcrm-xlsx-a", "swiftcrm-xlsx-b", "c"))
    for one in (old, young, other):
        one.mkdir()
    (old / "leads.xlsx").touch()
    for one in (old, other):
        os.utime(one, (0, 0))

    asyncio.run(made(xlsx_format(), a_lead()))

    assert sorted(_left(folder)) == [other, young]


def test_a_folder_that_is_not_there_is_told(folder: Path) -> None:
    folder.rmdir()

    with pytest.raises(FileNotMade, match="cannot be made in"):
        asyncio.run(made(xlsx_format(), a_lead()))


def _rights_of_others(folder: Path) -> list[int]:
    return [path.stat().st_mode & 0o077 for path in folder.iterdir()]


def _left(folder: Path) -> list[Path]:
    """What is left when the thread that makes the file has ended."""
    for thread in threading.enumerate():
        if thread.name.startswith("xlsx"):
            thread.join()
    gc.collect()  # what the library has not closed
    return list(folder.iterdir())


@contextmanager
def _files_of_at_most(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
