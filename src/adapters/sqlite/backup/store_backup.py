"""Copies of the embedded store, made while it serves."""

import contextlib
import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from adapters.sqlite.backup.content import verified
from adapters.sqlite.backup.restoring import Restoring
from adapters.sqlite.backup.sessions import leave_sessions_out
from adapters.sqlite.connection.driver import sqlite3
from adapters.sqlite.connection.errors import is_beyond_waiting, is_full, own_errors
from adapters.sqlite.connection.schema import known_version
from adapters.sqlite.files.copies import (
    SIDES,
    beside,
    connect,
    copy_pages,
    draft,
    sync,
    unused_name,
    write_new,
)
from adapters.sqlite.files.lock import StoreLock, until_all_have_ended
from adapters.sqlite.files.rescue import refuse_to_begin_anew
from adapters.sqlite.files.restore_plan import is_there
from adapters.sqlite.files.store_files import StoreFiles, without_links
from application.ports.store_backup import StoreBackup
from domain.backup import Progress, PutBack, Saved, StoreContent
from domain.errors import (
    Advice,
    AdviceCode,
    BackupUnusable,
    NameTaken,
    StorageUnavailable,
    StoreUnusable,
)

KEY_ENDING = ".key"
OPEN_TIMEOUT_SECONDS = 5.0
_OUT_OF_ROOM = (errno.ENOSPC, errno.EDQUOT)


class SqliteStoreBackup(StoreBackup):
    """
    One file is one copy; the key of the secrets is in a file beside it that ends in `.key`.

    SQLite's backup interface copies the pages inside one read transaction. Without that it
    begins anew whenever another process commits, and under load it never ends. With it, writers
    go on; only their log grows until the copy is done.
    """

    def __init__(self, path: Path, key_file: Path) -> None:
        self._path = without_links(path)
        self._key_file = without_links(key_file)

    def key_beside(self, file: Path) -> Path:
        """`FILE.key`."""
        return beside(file, KEY_ENDING)

    def save(self, file: Path, progress: Progress) -> Saved:
        """
        Copy the store under another name, look through the copy, then give it its name.

        Killed at any point, it leaves no FILE that is not whole: a draft, or the copy of the key,
        which the next backup of the same name finds to be the same. The key is read after the
        store was copied: a secret in the copy was encrypted before that, so its key is there. And
        FILE gets its name last, so where it is, all of the backup is.
        """
        file = file.absolute()
        key_copy = self.key_beside(file)
        self._refuse_place(file)
        with self._reading() as source, _own_failures(file, source):
            with draft(unused_name(file, ".partial")) as copy:
                copy_pages(source, copy, progress)
                leave_sessions_out(copy)
                content = verified(copy)
                sync(copy)
                with self._key_saved(key_copy) as has_key:
                    _give_name(copy, file)
            sync(file.parent)
        return Saved(file, content, key_copy if has_key else None)

    def put_back(
        self, file: Path, check: Callable[[StoreContent], None], *, replace: bool
    ) -> PutBack:
        """See `Restoring`."""
        file = file.absolute()
        restoring = Restoring(self._path, self._key_file)
        return restoring(file, self.key_beside(file), check, replace=replace)

    def _refuse_place(self, file: Path) -> None:
        if without_links(file) in {beside(self._path, ending) for ending in SIDES}:
            raise BackupUnusable(f"{file} is a name that SQLite uses beside the store.")
        if file.is_dir():
            raise NameTaken(f"{file} is a folder: name a file in it.")
        if os.path.lexists(file):
            raise NameTaken(f"{file} exists already, and a backup overwrites nothing.")
        if not file.parent.is_dir():
            raise BackupUnusable(f"There is no folder {file.parent}.")

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees the store as it is now, whatever is written meanwhile."""
        if not is_there(self._path):
            raise StoreUnusable(f"There is no store at {self._path}.")
        opened, source = until_all_have_ended(self._begin_reading, OPEN_TIMEOUT_SECONDS)
        with opened:
            yield source

    def _begin_reading(self) -> tuple[contextlib.ExitStack, sqlite3.Connection]:
        files, lock = StoreFiles(self._path), StoreLock(self._path)
        with contextlib.ExitStack() as stack:
            stack.callback(lock.release)
            with (
                _unusable_said(self._path),
                own_errors(),
                lock.opening(files, OPEN_TIMEOUT_SECONDS) as is_alone,
            ):
                if is_alone:
                    refuse_to_begin_anew(self._path)
                source = stack.enter_context(contextlib.closing(connect(self._path)))
                source.execute(f"PRAGMA busy_timeout = {int(OPEN_TIMEOUT_SECONDS * 1000)}")
                source.execute("PRAGMA query_only = ON")
                source.execute("BEGIN")
                known_version(source, str(self._path))  # with this first look the snapshot begins
            return stack.pop_all(), source

    @contextlib.contextmanager
    def _key_saved(self, key_copy: Path) -> Iterator[bool]:
        """Whether there is a key to save; if the block fails, its copy is deleted again."""
        try:
            key = self._key_file.read_bytes()
        except FileNotFoundError:
            yield False
            return
        except OSError as error:
            raise StoreUnusable(f"{self._key_file} cannot be read: {error.strerror}.") from error
        is_new = _write_key(key_copy, key)
        try:
            yield True
        except BaseException:
            if is_new:
                key_copy.unlink(missing_ok=True)
            raise


def _write_key(key_copy: Path, key: bytes) -> bool:
    """Write the key; False if it is there already, as a backup that was killed may leave it."""
    try:
        write_new(key_copy, key)
    except FileExistsError:
        if key_copy.read_bytes() != key:
            raise NameTaken(f"{key_copy} exists already, and is another key.") from None
        return False
    return True


def _give_name(copy: Path, file: Path) -> None:
    """A link fails where the name is taken; a rename would replace what is there."""
    try:
        os.link(copy, file)
    except FileExistsError:
        raise NameTaken(f"{file} exists already, and a backup overwrites nothing.") from None
    except OSError as error:
        if error.errno in _OUT_OF_ROOM:
            raise
        raise BackupUnusable(
            f"{file} cannot be made: the file system there takes no links ({error.strerror}).",
            Advice(AdviceCode.BACK_UP_ELSEWHERE),
        ) from error


@contextlib.contextmanager
def _unusable_said(path: Path) -> Iterator[None]:
    try:
        yield
    except StorageUnavailable as error:
        if is_beyond_waiting(error.__cause__):
            raise StoreUnusable(f"{path} cannot be used: {error.__cause__}.") from error
        raise


@contextlib.contextmanager
def _own_failures(file: Path, source: sqlite3.Connection) -> Iterator[None]:
    """What failed while the copy was written, in words that say where."""
    try:
        yield
    except OSError as error:
        if error.errno in _OUT_OF_ROOM:
            raise BackupUnusable(_no_room(file, source)) from error
        raise BackupUnusable(f"{file} cannot be written: {error.strerror}.") from error
    except sqlite3.Error as error:
        if is_full(error):
            raise BackupUnusable(_no_room(file, source)) from error
        raise BackupUnusable(f"{file} cannot be made: {error}.") from error


def _no_room(file: Path, source: sqlite3.Connection) -> str:
    (pages,), (size,) = (
        source.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size")
    )
    return (
        f"The disk of {file.parent} is full: the backup needs {pages * size / 1e6:,.0f} MB there."
        " What was written of it has been deleted."
    )
