"""
SQLite, as all of this program uses it, and a connection to a store.

Python's SQLite is the system's, and before 3.51.3 one may, very rarely, spoil a file while one
connection copies the log into it and another begins the log anew (the "WAL-reset bug" of
https://www.sqlite.org/wal.html). So we bring a newer one wherever it comes as a package (ADR 0016).

Never use two of them on one file in one process: what one closes ends the locks of the other.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from domain.leads.query import digits_in

if TYPE_CHECKING:  # both have the same types
    import sqlite3  # noqa: TID251  here alone
else:
    try:
        from pysqlite3 import dbapi2 as sqlite3  # noqa: TID251
    except ModuleNotFoundError:
        import sqlite3  # noqa: TID251

__all__ = [
    "COPIES_BESIDE_WRITES",
    "OPEN_TIMEOUT_SECONDS",
    "connect",
    "sqlite3",
    "warn_of_an_old_one",
]

log = structlog.get_logger("swiftcrm.store")

COPIES_BESIDE_WRITES = sqlite3.sqlite_version_info >= (3, 51, 3)
"""Whether one connection may copy the log into the file while another one writes."""
OPEN_TIMEOUT_SECONDS = 5.0
LONGEST_LOG_PAGES = 8_000
"""
From this length on (32 MiB) each commit copies what is in the log into the file.

SQLite does it from 1,000 pages on, and who waits for such a commit waits some milliseconds more. A
server copies beside its writes (`LogCopy`). But while others write, a copy never has all, and only
when it has all does the log begin anew: so under steady load, one commit in some thousands copies.
"""


def warn_of_an_old_one() -> None:
    """Say in the log that this SQLite may, very rarely, spoil a file that several write."""
    if not COPIES_BESIDE_WRITES:
        log.warning("store.sqlite_is_old", version=sqlite3.sqlite_version, needed="3.51.3")


def connect(path: Path) -> sqlite3.Connection:
    """
    A new connection to the file at *path*, which must be there.

    Raises:
        sqlite3.Error: It cannot be opened.
    """
    connection = sqlite3.connect(
        f"{path.as_uri()}?mode=rw",
        uri=True,
        isolation_level=None,
        timeout=OPEN_TIMEOUT_SECONDS,
        check_same_thread=False,
    )
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # no byte stays of what is removed
    if COPIES_BESIDE_WRITES:
        connection.execute(f"PRAGMA wal_autocheckpoint = {LONGEST_LOG_PAGES}")
    connection.create_function("casefold", 1, str.casefold, deterministic=True)
    connection.create_function("digits", 1, _digits, deterministic=True)
    return connection


def _digits(text: str | None) -> str:
    return digits_in(text or "")
