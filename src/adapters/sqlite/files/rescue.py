"""
Copies the whole store to a new file when its main file has been deleted or moved.

A file that was deleted is there for as long as a process has it open. One process copies it for
all (`Rescue`). In a note beside the store, a file that ends in `.saving`, it writes its process
number and, once there is a copy, the name of the copy. It holds a lock on the note until it ends.
If it fails or is killed, the lock is free, and another process copies.

Once all those processes have ended, `refuse_to_begin_anew` keeps an empty store from taking the
place of the one that is gone.
"""

import contextlib
import errno
import fcntl
import glob
import json
import os
import shutil
import stat
import time
from dataclasses import asdict, dataclass
from math import ceil
from pathlib import Path

from adapters.sqlite.connection.driver import sqlite3
from adapters.sqlite.files.copies import (
    beside,
    copy_pages,
    dated,
    draft,
    give_it_a_log,
    sync,
    unused_name,
)
from domain.errors import Advice, AdviceCode, StoreUnusable

NOTE_BEGINS = b'{"process": '
"""A note begins so; a file that begins otherwise is somebody else's."""


class AnotherSaves(Exception):
    """
    Another process is copying the store, and has not finished yet.

    Attributes:
        process: Its number; 0 where it has not written that down yet.
    """

    def __init__(self, process: int) -> None:
        super().__init__(f"process {process} copies the store")
        self.process = process


class NotEnoughRoom(OSError):
    """
    The disk has less room than the copy needs.

    Attributes:
        errno: `ENOSPC`, as if the disk had said so itself.
    """

    def __init__(self, needed_bytes: int, free_bytes: int) -> None:
        # The one up and the other down, so that the two figures always differ.
        needed, free = ceil(needed_bytes / 1e5) / 10, free_bytes // 100_000 / 10
        super().__init__(
            errno.ENOSPC,
            f"There is not enough room on the disk: the copy needs {needed:,.1f} MB, and"
            f" {free:,.1f} MB is free.",
        )

    def __str__(self) -> str:
        return str(self.strerror)


@dataclass(frozen=True)
class _Note:
    """
    What a process tells the others about its copy.

    Attributes:
        begun_at: When it began to copy, in seconds of the machine's monotonic clock; what was
            committed before that is in the copy.
        copy: The name of the copy; empty until it is whole.
    """

    process: int = 0
    begun_at: float = 0.0
    copy: str = ""


class Rescue:
    """
    The copy of *store*, whichever process makes it.

    Attributes:
        acknowledged_at: When this process last acknowledged something; monotonic, in seconds.
    """

    def __init__(self, store: Path) -> None:
        self.acknowledged_at = 0.0
        self._store = store
        self._note = beside(store, ".saving")
        self._descriptor: int | None = None

    def __call__(self, connection: sqlite3.Connection) -> Path:
        """
        The copy: whole, on the disk, with all that this process acknowledged.

        It is readable by its owner only. Every process that has the lost file open calls this, once
        a second until it has a copy. The one with the lock writes its number into the note, then
        copies, then adds the name of the copy: so another process never takes a copy that is not
        whole. A process that is killed half-way leaves a note without a name, and no lock: the next
        process writes its own note over it.

        Raises:
            AnotherSaves: The copy of another process is not whole yet; try again.
            OSError, sqlite3.Error: The copy could not be made; try again.
        """
        if self._is_ours():
            note = _Note(os.getpid(), time.monotonic())
            self._write(note)
            try:
                copy = self._copied(connection)
            except (OSError, sqlite3.Error):
                self.close()  # another process may be able to
                raise
            self._write(_Note(note.process, note.begun_at, str(copy)))
            return copy
        theirs = self._theirs()
        if not theirs.copy:
            raise AnotherSaves(theirs.process)
        # Their copy is older than what this process acknowledged last: the store was moved away,
        # moved back and lost again, and only the other process saw the first loss.
        if theirs.begun_at <= self.acknowledged_at:
            return self._copied(connection)
        return Path(theirs.copy)

    def close(self) -> None:
        """Let go of the lock: another process that needs a copy makes it."""
        if self._descriptor is not None:
            with contextlib.suppress(OSError):
                self._note.unlink()
            os.close(self._descriptor)
            self._descriptor = None

    def _is_ours(self) -> bool:
        """
        Whether this process is to copy.

        It is also where this process cannot write or lock the note. Another one may then copy too:
        two copies are better than none.
        """
        if self._descriptor is not None:
            return True
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK
        try:
            descriptor = os.open(self._note, flags, 0o600)
        except OSError:  # another user's, or no room
            return True
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(descriptor)
            return not isinstance(error, BlockingIOError)
        if _may_be_a_note(descriptor):
            self._descriptor = descriptor
        else:  # somebody's file was moved or linked to that name: it is not written
            os.close(descriptor)
        return True

    def _write(self, note: _Note) -> None:
        if self._descriptor is None:
            return
        # A full disk may have no room even for the note; the copy is what matters.
        with contextlib.suppress(OSError):
            os.ftruncate(self._descriptor, 0)
            os.pwrite(self._descriptor, json.dumps(asdict(note)).encode(), 0)

    def _theirs(self) -> _Note:
        try:
            return _Note(**json.loads(self._note.read_bytes()))
        except (OSError, ValueError):  # they have just begun, or just ended
            return _Note()

    def _copied(self, connection: sqlite3.Connection) -> Path:
        self._refuse_a_full_disk(connection)
        with draft(unused_name(self._store, ".partial")) as copy:
            connection.execute("BEGIN")
            try:
                copy_pages(connection, copy, lambda _: None)
            finally:
                connection.execute("ROLLBACK")
            give_it_a_log(copy)
            file = dated(self._store, "saved")
            os.link(copy, file)
        sync(self._store.parent)
        return file

    def _refuse_a_full_disk(self, connection: sqlite3.Connection) -> None:
        """
        Look for room before the copy begins, since it is tried every second.

        A copy that is given up half-way fills the disk each time, and others could not write.
        """
        (pages,), (size,) = (
            connection.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size")
        )
        free = shutil.disk_usage(self._store.parent).free
        if free < pages * size:
            raise NotEnoughRoom(pages * size, free)


def _may_be_a_note(descriptor: int) -> bool:
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
        return False
    return os.pread(descriptor, len(NOTE_BEGINS), 0) in (b"", NOTE_BEGINS)


def refuse_to_begin_anew(store: Path) -> None:
    """
    Refuse to make a new store where one is gone and something of it is left.

    Nobody else may have the store open. SQLite deletes the old log as soon as it opens a new file
    of that name, and the empty store would answer as if nothing had ever been in it.

    Raises:
        StoreUnusable: Something is left; the text says what.
    """
    if store.exists() and store.stat().st_size:
        return
    saved = sorted(store.parent.glob(f"{glob.escape(store.name)}.saved-*"))
    if saved:
        raise StoreUnusable(
            f"{store} is gone, but what was in it was saved in {saved[-1]}.",
            Advice(AdviceCode.RESTORE_SAVED_COPY, {"copy": saved[-1]}),
        )
    log = beside(store, "-wal")
    if log.exists() and log.stat().st_size:
        raise StoreUnusable(
            f"{store} is gone, but its log {log} is there, with what was acknowledged last.",
            Advice(AdviceCode.FIND_LOST_STORE, {"log": log}),
        )
