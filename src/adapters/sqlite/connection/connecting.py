"""A connection to the file of a store, as all of this program are."""

import sqlite3
from pathlib import Path

from domain.leads.query import digits_in

OPEN_TIMEOUT_SECONDS = 5.0
LONGEST_LOG_PAGES = 8_000
"""
From this length on (32 MiB) each commit copies what is in the log into the file.

SQLite does it from 1,000 pages on, and who waits for such a commit waits some milliseconds more. A
server copies beside its writes (`SqliteDatabase`); this is for where that cannot keep up.
"""


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
    connection.execute(f"PRAGMA wal_autocheckpoint = {LONGEST_LOG_PAGES}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.create_function("casefold", 1, str.casefold, deterministic=True)
    connection.create_function("digits", 1, _digits, deterministic=True)
    return connection


def _digits(text: str | None) -> str:
    return digits_in(text or "")
