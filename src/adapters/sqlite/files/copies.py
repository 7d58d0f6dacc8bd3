"""Files beside the store: how one is named, made for good, filled with a whole store, and read."""

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from adapters.sqlite.connection.driver import sqlite3

STEP_PAGES = 1000
HANDLER_STEPS = 100_000
"""How often SQLite lets Python look whether somebody pressed Ctrl-C."""
SIDES = ("-wal", "-shm", "-journal")
ROOT = 0
A_LINK = (errno.ELOOP, errno.EMLINK)
"""What `O_NOFOLLOW` says of a symbolic link, here and there."""
_NOT_OURS = "{file} is not an ordinary file with one name"


def beside(file: Path, ending: str) -> Path:
    """The file whose name is longer by *ending*."""
    return file.with_name(f"{file.name}{ending}")


def connect(file: Path, options: str = "mode=rw") -> sqlite3.Connection:
    """A connection that begins its transactions itself; the stores' own are `driver.connect`'s."""
    uri = f"{file.absolute().as_uri()}?{options}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None)
    connection.execute("PRAGMA secure_delete = ON")
    return connection


@contextlib.contextmanager
def draft(file: Path) -> Iterator[Path]:
    """An empty file, only its owner's, which is deleted after the block with what SQLite adds."""
    make_empty(file)
    try:
        yield file
    finally:
        forget(file)


def make_empty(file: Path) -> None:
    """Make a file that is not there yet, and that only its owner may read."""
    os.close(open_new(file))


def open_new(file: Path) -> int:
    """Make the same and leave it open: by its name, another file may be opened a moment later."""
    return os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)


def forget(file: Path) -> None:
    """Delete a file, and what SQLite may have made beside it."""
    for one in (file, *(beside(file, ending) for ending in SIDES)):
        one.unlink(missing_ok=True)


def copy_pages(source: sqlite3.Connection, copy: Path, progress: Callable[[float], None]) -> None:
    """
    Copy all that *source* sees into the empty file *copy*, which needs no log beside it.

    Inside a transaction of *source*: without one it begins anew after each commit of others.
    """

    def report(_: int, remaining: int, total: int) -> None:
        progress((total - remaining) / total if total else 1.0)

    with contextlib.closing(connect(copy)) as target:
        target.execute("PRAGMA journal_mode = OFF")
        target.execute("PRAGMA synchronous = OFF")
        source.backup(target, pages=STEP_PAGES, progress=report)
    with contextlib.closing(connect(copy)) as target:
        target.execute("PRAGMA journal_mode = DELETE")


def give_it_a_log(file: Path) -> None:
    """
    Let a copy have a log from its first use on, as a store has; its pages are on the disk then.

    The change needs the file alone. If it were left to the first process that opens the store,
    that one would wait for every reader, such as a backup.
    """
    with contextlib.closing(connect(file)) as store:
        store.execute("PRAGMA journal_mode = WAL")
    sync(file)


def dated(store: Path, word: str) -> Path:
    """A name beside the store that no file has; the moment in it, UTC, is for people."""
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    file, number = beside(store, f".{word}-{moment}"), 1
    while file.exists():
        file, number = beside(store, f".{word}-{moment}-{number}"), number + 1
    return file


def unused_name(file: Path, ending: str) -> Path:
    """A name beside *file* that no other file has."""
    return file.with_name(f"{file.name[:150]}.{secrets.token_hex(8)}{ending}")


def sync(file: Path) -> None:
    """Return when *file*, or what a folder lists, is on the disk."""
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_new(file: Path, content: bytes, store: Path | None = None) -> None:
    """
    Write a file that is not there yet, only its owner's, onto the disk; whole or not at all.

    Its owner is the one of *store*, if that is said.
    """
    with os.fdopen(open_new(file), "wb") as opened:
        try:
            if store is not None:
                give_to_owner(opened.fileno(), store)
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        except BaseException:
            file.unlink(missing_ok=True)
            raise


def read_own(file: Path) -> bytes:
    """
    What is in a file of ours, where others may put anything at its name.

    Raises:
        OSError: It is not there, or cannot be read.
        ValueError: It is a link, a pipe, or a file that has a second name.
    """
    try:
        # A pipe would wait for who writes into it.
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        if error.errno in A_LINK:
            raise ValueError(_NOT_OURS.format(file=file)) from error
        raise
    with os.fdopen(descriptor, "rb") as opened:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
            raise ValueError(_NOT_OURS.format(file=file))
        return opened.read()


def give_to_owner(made: int, store: Path) -> None:
    """
    Give what root has made beside the store to the owner of the store: a service is not root.

    Args:
        made: A descriptor of what this process has just made. Never a name: whoever may write
            in the folder can put root's own files there, and would be given them.
        store: The store, or where it will be.
    """
    if os.geteuid() == ROOT:
        owner = (store if store.exists() else store.parent).stat()
        os.fchown(made, owner.st_uid, owner.st_gid)
