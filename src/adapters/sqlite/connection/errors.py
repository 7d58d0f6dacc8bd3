"""What SQLite's errors mean (https://www.sqlite.org/rescode.html)."""

import contextlib
from collections.abc import Iterator

from adapters.sqlite.connection.driver import sqlite3
from domain.errors import StorageUnavailable

_PRIMARY_CODE = 0xFF
_BY_TEXT = {
    "database or disk is full": "SQLITE_FULL",
    "disk I/O error": "SQLITE_IOERR",
    "database disk image is malformed": "SQLITE_CORRUPT",
    "attempt to write a readonly database": "SQLITE_READONLY",
    "file is not a database": "SQLITE_NOTADB",
}
"""
What `backup` raises has no code with pysqlite3 0.6.1, only SQLite's text for it. No other text is
ever repeated: some have in them what a row says.
"""
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
    return _code(error) & _PRIMARY_CODE in _LOCKED


def is_beyond_waiting(error: BaseException | None) -> bool:
    """Whether the file itself is wrong, so that trying again does not help."""
    return isinstance(error, sqlite3.Error) and _code(error) & _PRIMARY_CODE in _BEYOND_WAITING


def is_full(error: BaseException | None) -> bool:
    """Whether SQLite says that the disk is full."""
    return isinstance(error, sqlite3.Error) and _code(error) == sqlite3.SQLITE_FULL


def is_about_the_disk(error: BaseException | None) -> bool:
    """Whether reading or writing failed, which may be for want of room: SQLite does not say."""
    return isinstance(error, sqlite3.Error) and _code(error) & _PRIMARY_CODE == sqlite3.SQLITE_IOERR


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
            raise StorageUnavailable(_cause(error)) from error
        raise


def is_interrupt(error: sqlite3.Error) -> bool:
    """Whether a progress handler has ended the statement."""
    return _code(error) == sqlite3.SQLITE_INTERRUPT


def _code(error: sqlite3.Error) -> int:
    known: int | None = getattr(error, "sqlite_errorcode", None)
    return getattr(sqlite3, _name(error)) if known is None else known


def _name(error: sqlite3.Error) -> str:
    name: str | None = getattr(error, "sqlite_errorname", None)
    return name or _BY_TEXT.get(str(error), "SQLITE_ERROR")


def _cause(error: sqlite3.Error) -> str:
    return f"sqlite: {_name(error)}{', the disk is full' if is_full(error) else ''}"
