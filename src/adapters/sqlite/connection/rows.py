"""Many rows for the price of one."""

from typing import Any

import orjson

from adapters.sqlite.connection.driver import sqlite3


def rows_in_one(cursor: sqlite3.Cursor) -> list[list[Any]]:
    """
    The rows of a statement that is `SELECT json_group_array(json_array(…))`.

    For each row that Python fetches, its lock is given away, and the thread that answers the calls
    gives it back only some moments later. So SQLite makes one row of all.
    """
    rows: list[list[Any]] = orjson.loads(cursor.fetchone()[0])
    return rows
