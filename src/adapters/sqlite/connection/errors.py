"""What SQLite's errors mean (https://www.sqlite.org/rescode.html)."""

import contextlib
import sqlite3
from collections.abc import Iterator

from domain.errors import StorageUnavailable

_PRIMARY_CODE = 0xFF
_LOCKED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_BEYOND_WAITING = (
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
)


def is_locked(error: sqlite3.Error) -> bool:
    """Whether somebody else holds the lock."""
    return error.sqlite_errorcode & _PRIMARY_CODE in _LOCKED


def is_beyond_waiting(error: BaseException | None) -> bool:
    """Whether the file itself is wrong, so that trying again does not help."""
    return (
        isinstance(error, sqlite3.Error)
        and error.sqlite_errorcode & _PRIMARY_CODE in _BEYOND_WAITING
    )


def is_full(error: BaseException | None) -> bool:
    """Whether SQLite says that the disk is full."""
    return isinstance(error, sqlite3.Error) and error.sqlite_errorcode == sqlite3.SQLITE_FULL


def is_about_the_disk(error: BaseException | None) -> bool:
    """Whether reading or writing failed, which may be for want of room: SQLite does not say."""
    return (
        isinstance(error, sqlite3.Error)
        and error.sqlite_errorcode & _PRIMARY_CODE == sqlite3.SQLITE_IOERR
    )


@contextlib.contextmanager
def own_errors() -> Iterator[None]:
    """
    The driver's errors in our words.

    Operational ones (locked, disk full, input and output) may pass; a damaged file is
    `DatabaseError` itself. What is left, such as a broken constraint, is a defect of ours.
    """
    try:
        yield
    except sqlite3.OperationalError as error:
        raise StorageUnavailable(_cause(error)) from error
    except sqlite3.DatabaseError as error:
        if type(error) is sqlite3.DatabaseError:
            raise StorageUnavailable(f"sqlite: {error.sqlite_errorname}") from error
        raise


def _cause(error: sqlite3.Error) -> str:
    return f"sqlite: {error.sqlite_errorname}{', the disk is full' if is_full(error) else ''}"
