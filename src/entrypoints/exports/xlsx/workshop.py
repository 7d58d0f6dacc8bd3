"""
Where an Excel file is made: a folder on the disk, and a thread of its own.

It is handed on when it is whole, since its table of contents is at its end.
"""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from io import FileIO
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory, gettempdir
from typing import Self, TypeVar

from xlsxwriter.exceptions import XlsxFileError  # type: ignore[import-untyped]  # has none to find

from entrypoints.exports.export_format import FileNotMade

_FOLDER = "swiftcrm-xlsx-"
_OLD = 86_400
"""So many seconds after the last file was made in it, nobody needs a folder any more."""
T = TypeVar("T")


class Output:
    """
    A new file that can be given up while another thread writes it, which takes long at its end.

    When a write has failed, nothing is written any more, and nothing fails: whenever the library
    lets go of the file, it writes an end all the same.
    """

    def __init__(self, path: Path) -> None:
        self._file = FileIO(path, "w+")
        self._place = 0
        self._is_over = False
        self.is_given_up = False

    def write(self, data: bytes) -> int:
        """Write all of it."""
        self._place += len(data)
        if self._is_over:
            return len(data)
        rest = memoryview(data)
        try:
            if self.is_given_up:
                raise InterruptedError
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError:
            self._is_over = True
            raise
        return len(data)

    def tell(self) -> int:
        """Where it writes."""
        return self._place

    def seek(self, place: int) -> int:
        """Write, or read, there."""
        self._place = place
        return place if self._is_over else self._file.seek(place)

    def flush(self) -> None:
        """Nothing waits."""

    def read(self, size: int) -> bytes:
        """What was written, at most so many bytes."""
        return self._file.read(size)

    def close(self) -> None:
        """Write no more."""
        self._is_over = True
        self._file.close()


class Workshop:
    """A folder where a file is made, and the thread that makes it."""

    def __init__(self) -> None:
        try:
            _clear_old()
            self._folder = TemporaryDirectory(prefix=_FOLDER)
            self.folder = Path(self._folder.name)
            self.output = Output(self.folder / "leads.xlsx")
        except OSError as error:
            raise _not_made(error) from error
        self._thread = ThreadPoolExecutor(1, "xlsx")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.output.is_given_up = True
        self._thread.submit(self._clear)  # behind what it still does, where nobody waits for that
        self._thread.shutdown(wait=False)

    async def do(self, work: Callable[[], T]) -> T:
        """
        What *work* returns.

        Raises:
            FileNotMade: There is no room for the file, or another reason of the system's.
        """
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except (OSError, XlsxFileError) as error:
            raise _not_made(error) from error

    def _clear(self) -> None:
        self.output.close()
        self._folder.cleanup()


def _clear_old() -> None:
    """Remove what processes left that were killed; leads are in it."""
    for folder in Path(gettempdir()).glob(f"{_FOLDER}*"):
        with suppress(OSError):  # another process does the same
            if time.time() - folder.stat().st_mtime > _OLD:
                rmtree(folder)


def _not_made(cause: Exception) -> FileNotMade:
    return FileNotMade(f"The file cannot be made in {gettempdir()}: {cause}.")
