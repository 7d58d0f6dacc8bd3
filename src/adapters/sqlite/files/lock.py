"""
Who has the store open: a lock on a separate file, held for as long as the store is open.

It is not on the store's own file: closing any descriptor of that would end SQLite's locks on it.

The first process opens the store while nobody else may, writes down which three files it has,
and then shares the lock. Those that come while it is shared must find the same three files, or
they would make a second log beside the first and each would overwrite what the other wrote.
A process that is killed lets go of the lock; what it wrote down stays, and the next process that
is alone writes it anew.

Bottom-up: how the file of the lock is opened safely (`open_lock_file`), how one waits for
processes that are just ending (`until_all_have_ended`), and the lock itself (`StoreLock`).
"""

import contextlib
import fcntl
import json
import os
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from adapters.sqlite.files.copies import A_LINK, ROOT, give_to_owner
from adapters.sqlite.files.restore_plan import finish_restoring
from adapters.sqlite.files.store_files import FileNumber, StoreFiles
from domain.errors import Advice, AdviceCode, StorageUnavailable, StoreUnusable

LENGTH = 200
"""Bytes that are written into it: the identities of three files need 140 at most."""
_CHARACTERS = b"[]0123456789, nul\n\0"
"""The only characters in a lock, even if a crash left half of its text."""
_FLAGS = os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK  # to open a pipe would wait for its writer
POLL_SECONDS = 0.005
Found = tuple[FileNumber | None, ...]
T = TypeVar("T")


def open_lock_file(file: Path, store: Path) -> int:
    """
    A descriptor of *file*, which is made if it is not there; never of somebody else's file.

    Whoever may write in the folder can put anything at this name, and root opens the lock as well
    (a command in a container). So what is found there is not followed, not written and not given
    away where it cannot be the lock. Two processes may make it at the same moment: only one does,
    the other opens what that one has made.

    Raises:
        StoreUnusable: It cannot be opened, or is not the lock.
    """
    try:
        made = _made(file, store)
        return _found(file, store) if made is None else made
    except OSError as error:
        if error.errno in A_LINK:
            raise _not_the_lock(file, "is a symbolic link") from error
        if isinstance(error, PermissionError):
            raise _no_right_to(file, store) from error
        raise StoreUnusable(f"{file} cannot be opened: {error.strerror}.") from error


def _made(file: Path, store: Path) -> int | None:
    """Make the file, and give it the owner and the rights of the store; None if it is there."""
    try:
        descriptor = os.open(file, _FLAGS | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return None
    # Root in a container may lack the right to; the lock is good for root all the same.
    with contextlib.suppress(OSError):
        give_to_owner(descriptor, store)
        _give_rights_of(store, descriptor)
    return descriptor


def _found(file: Path, store: Path) -> int:
    descriptor = os.open(file, _FLAGS)
    try:
        _refuse_what_is_not_the_lock(file, descriptor)
    except BaseException:
        os.close(descriptor)
        raise
    # The store's rights may have changed since. A file of root's is left alone: it may be any
    # other one, which somebody has moved here.
    if os.fstat(descriptor).st_uid == os.geteuid() != ROOT:
        with contextlib.suppress(OSError):
            _give_rights_of(store, descriptor)
    return descriptor


def _give_rights_of(store: Path, descriptor: int) -> None:
    """Let whoever may write the store lock it as well; SQLite does the same for its log."""
    if not store.exists():
        return
    wanted, found = store.stat(), os.fstat(descriptor)
    if found.st_gid != wanted.st_gid:
        os.fchown(descriptor, -1, wanted.st_gid)
    if found.st_mode & 0o777 != wanted.st_mode & 0o666:
        os.fchmod(descriptor, wanted.st_mode & 0o666)


def _refuse_what_is_not_the_lock(file: Path, descriptor: int) -> None:
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        raise _not_the_lock(file, "is not an ordinary file")
    if found.st_nlink > 1:
        raise _not_the_lock(file, "has a second name")
    # Another file may have been moved here, and what is in it would be overwritten.
    if found.st_size > LENGTH or os.pread(descriptor, LENGTH, 0).strip(_CHARACTERS):
        raise _not_the_lock(file, "has something else in it")


def _no_right_to(file: Path, store: Path) -> StoreUnusable:
    advice = Advice(AdviceCode.SHARE_WITH_GROUP, {"file": file, "store": store})
    return StoreUnusable(f"{file} cannot be opened: this user does not have the right to.", advice)


def _not_the_lock(file: Path, reason: str) -> StoreUnusable:
    return StoreUnusable(
        f"{file} {reason}, so it is not the lock of the store, and was left as it is.",
        Advice(AdviceCode.MOVE_FILE_AWAY, {"file": file}),
    )


class OtherFiles(Exception):
    """Other processes have files open that are not in their places; they may be just ending."""


def until_all_have_ended(attempt: Callable[[], T], timeout_seconds: float) -> T:
    """
    Do *attempt* again while it meets `OtherFiles`; it must leave nothing open then.

    The last process that ends closes its connections, with which SQLite deletes the log, and lets
    go of the lock a moment after that. A process that shares the lock in that moment makes a new
    log, finds that it is another one than was written down, and closes it; when it tries again,
    the other has ended and it is alone.

    Raises:
        StoreUnusable: They have not ended, so the files that they have open are lost.
    """
    deadline = time.monotonic() + timeout_seconds
    while True:
        try:
            return attempt()
        except OtherFiles as error:
            if time.monotonic() >= deadline:
                raise StoreUnusable(str(error), Advice(AdviceCode.END_ALL_PROCESSES)) from error
            time.sleep(POLL_SECONDS)


class StoreLock:
    """
    The lock of the store at *path*.

    Its file is made once and never deleted: a process that waits for a deleted one would get it
    beside another that has locked a new one.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.with_name(f"{path.name}.lock")
        self._store = path
        self._descriptor: int | None = None

    @contextlib.contextmanager
    def opening(self, files: StoreFiles, timeout_seconds: float) -> Iterator[bool]:
        """
        Open the store in the block, and share the lock from its end on.

        Yields:
            Whether nobody else has the store open. Then nobody can open it during the block, and
            a restore that was interrupted has been ended.

        Raises:
            OtherFiles: Others have files open that are not in their places any more.
            StoreUnusable: The lock cannot be used, or a restore cannot be ended.
            StorageUnavailable: Somebody puts a backup in its place, or opens it very slowly.
        """
        self._open()
        try:
            is_alone = self._take(files, time.monotonic() + timeout_seconds)
            if is_alone:
                finish_restoring(self._store)
            yield is_alone
            if is_alone:
                self._write_down(files.found())
                self._share(time.monotonic() + timeout_seconds)
            else:
                self._refuse_other_files(files)
        except BaseException:
            self.release()
            raise

    def take_alone(self) -> bool:
        """Hold the lock so that nobody can open the store; False if somebody has it open."""
        self._open()
        if self._try(fcntl.LOCK_EX):
            return True
        self.release()
        return False

    def release(self) -> None:
        """Hold it no more."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _open(self) -> None:
        self._descriptor = open_lock_file(self.path, self._store)

    def _take(self, files: StoreFiles, deadline: float) -> bool:
        while not self._try(fcntl.LOCK_EX):
            is_shared = self._try(fcntl.LOCK_SH)
            if is_shared and files.found() == self._written_down():
                return False
            # Not the files that were written down: the process that has them may be just ending.
            if time.monotonic() >= deadline:
                if is_shared:
                    self._refuse_other_files(files)
                raise StorageUnavailable(
                    "another process is opening the store, or restoring a backup"
                )
            self._unlock()
            time.sleep(POLL_SECONDS)
        return True

    def _refuse_other_files(self, files: StoreFiles) -> None:
        if files.found() != self._written_down():
            raise OtherFiles(
                f"Another process has {files.names[0]} open, and that file, or its -wal or -shm,"
                " is not in its place any more."
            )

    def _share(self, deadline: float) -> None:
        """
        Let others in: the lock was held alone, and is shared from now on.

        In between there may be a moment without any lock, in which another process takes it
        alone. If that one opens the store, it finds our files in their places and shares them; if
        it restores a backup, it meets SQLite's locks, which this process holds by now.
        """
        while not self._try(fcntl.LOCK_SH):
            if time.monotonic() >= deadline:
                raise StorageUnavailable("another process is restoring a backup")
            time.sleep(POLL_SECONDS)

    def _try(self, how: int) -> bool:
        assert self._descriptor is not None
        try:
            fcntl.flock(self._descriptor, how | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            raise StoreUnusable(f"{self.path} cannot be locked: {error.strerror}.") from error
        return True

    def _unlock(self) -> None:
        assert self._descriptor is not None
        fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def _write_down(self, found: Found) -> None:
        assert self._descriptor is not None
        # In place and always as long: had the file been cut first, a full disk would have no room
        # for the new text.
        text = json.dumps(found).encode().ljust(LENGTH - 1) + b"\n"
        try:
            os.pwrite(self._descriptor, text, 0)
        except OSError as error:
            raise StoreUnusable(f"{self.path} cannot be written: {error.strerror}.") from error

    def _written_down(self) -> Found | None:
        assert self._descriptor is not None
        try:
            read = json.loads(os.pread(self._descriptor, LENGTH, 0))
            return tuple(None if one is None else (one[0], one[1]) for one in read)
        except (ValueError, TypeError, IndexError):
            return None
