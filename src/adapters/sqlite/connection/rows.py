"""Many rows, fetched as one."""

from typing import Any

import orjson

from adapters.sqlite.connection.driver import sqlite3


def rows_in_one(cursor: sqlite3.Cursor) -> list[list[Any]]:
    """
    The rows of a statement that is `SELECT CAST(json_group_array(json_array(…)) AS BLOB)`.

    For each row that is fetched, Python's global lock is released, and the thread of the event
    loop takes it and keeps it for some moments. So SQLite makes one row of all.

    Raises:
        ValueError: A text among them is no UTF-8. As text, and not as bytes, it would be an error
            of the driver's, as if the store were away.
    """
    rows: list[list[Any]] = orjson.loads(cursor.fetchone()[0])
    return rows
