"""
The files of a store: the main file, its write-ahead log, and the index of that log.

SQLite makes the latter two with the first connection and deletes them with the last one; in
between, every process must have the very same three. What a process writes into another log than
the others have is lost: they never read it.
"""

import os
from pathlib import Path

from domain.errors import StorageUnavailable

ENDINGS = ("", "-wal", "-shm")

FileNumber = tuple[int, int]
"""Device and number of a file: no other has both for as long as anybody has it open."""


def without_links(store: Path) -> Path:
    """
    Where the file of *store* really is, or will be.

    SQLite follows a symbolic link, and has the log beside the file and not beside the link.
    """
    return Path(os.path.realpath(store))


class StoreFiles:
    """
    Which file is at each of the three names, now and when the store was opened.

    Attributes:
        names: The main file's, the log's, the index's.
    """

    def __init__(self, path: Path) -> None:
        self.names = tuple(f"{path}{ending}" for ending in ENDINGS)
        self._opened: tuple[FileNumber | None, ...] | None = None

    def found(self) -> tuple[FileNumber | None, ...]:
        """
        What is at each name now; None where there is nothing.

        Raises:
            StorageUnavailable: It cannot be seen now. That is no loss, which would be for good.
        """
        return tuple(map(_file_number, self.names))

    def remember(self) -> bool:
        """Remember that what is there now is what is open; False if a file is lost already."""
        self._opened = self.found()
        return None not in self._opened

    def forget(self) -> None:
        """Forget them: nothing is open any more."""
        self._opened = None

    def are_all_in_place(self) -> bool:
        """Whether each is the one that was opened; true while nothing is open."""
        return self._opened is None or self._opened == self.found()

    def lost(self) -> tuple[str, ...]:
        """The names at which there is not what was opened."""
        if self._opened is None:
            return ()
        found = zip(self.names, self._opened, self.found(), strict=True)
        return tuple(name for name, opened, now in found if opened != now)


def _file_number(name: str) -> FileNumber | None:
    try:
        found = os.stat(name)  # noqa: PTH116  twice a batch: a Path costs more than the question
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise StorageUnavailable(f"{name} cannot be looked at: {error.strerror}") from error
    return found.st_dev, found.st_ino
