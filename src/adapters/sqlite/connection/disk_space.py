"""Whether the disk has room for what comes, as far as writing has shown."""

import errno
import tempfile
from collections.abc import Callable
from pathlib import Path

import structlog

from adapters.sqlite.connection.errors import is_about_the_disk, is_full
from domain.errors import Advice, AdviceCode, StoreUnusable

ROOM_BYTES = 256 * 1024
"""What must fit before a disk that was full counts as well: more than one large batch needs."""

_OUT_OF_ROOM = (errno.ENOSPC, errno.EDQUOT)

log = structlog.get_logger("swiftcrm.store")


class DiskSpace:
    """
    Remembers that the disk was full until a larger piece of data fits on it again.

    After a write that did not fit, a smaller one may well fit in what is left.

    Attributes:
        is_short: Whether a write failed for want of room, and nothing showed since that there
            is room.
    """

    def __init__(self, store: Path) -> None:
        self._store = store
        self.is_short = False
        self._is_silent = True

    def speak(self) -> None:
        """From now on a line in the log says when the disk is full, and when it is well."""
        self._is_silent = False

    def is_cause_of(self, error: BaseException | None) -> bool:
        """Whether SQLite's *error* comes from a full disk, or a quota that is used up."""
        return is_full(error) or (is_about_the_disk(error) and not self.is_there())

    def note_want(self) -> None:
        """A write failed for want of room."""
        if not self.is_short:
            self.is_short = True
            self._say(log.error, "store.disk_full", advice=full_disk(self._store).advice)

    def note_enough(self) -> None:
        """There is room again."""
        if self.is_short:
            self.is_short = False
            self._say(log.info, "store.disk_has_room")

    def is_there(self) -> bool:
        """Whether a file that has no name can take a larger piece of data; it is gone at once."""
        try:
            with tempfile.TemporaryFile(dir=self._store.parent, buffering=0) as file:
                left = memoryview(bytes(ROOM_BYTES))
                while left:
                    left = left[file.write(left) :]
        except OSError as error:
            return error.errno not in _OUT_OF_ROOM
        return True

    def _say(self, say: Callable[..., object], event: str, **members: object) -> None:
        if not self._is_silent:
            say(event, store=str(self._store), **members)


def full_disk(store: Path) -> StoreUnusable:
    """What to raise where the disk is full, also as far as a quota goes."""
    advice = Advice(AdviceCode.MAKE_ROOM, {"store": store})
    return StoreUnusable(f"The disk that holds {store} is full.", advice)
