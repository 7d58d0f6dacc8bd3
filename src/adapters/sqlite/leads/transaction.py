"""One transaction of the ledger, in which many new leads are one statement."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from adapters.sqlite.connection.driver import sqlite3

_COLUMNS = (
    *("project_id", "lead_id", "capture_id", "channel", "captured_at", "month", "place"),
    *("request_id", "idempotency_key", "idempotency_fingerprint"),
    *("details", "source", "campaign"),
)
_ROW = f"({', '.join('?' for _ in _COLUMNS)})"
MOST_ROWS = 64
"""Rows in one statement: few enough that the statements of all sizes stay prepared."""


@lru_cache(maxsize=MOST_ROWS)
def _insert(rows: int) -> str:
    return f"INSERT INTO leads ({', '.join(_COLUMNS)}) VALUES {', '.join([_ROW] * rows)}"


class Transaction:
    """
    The statements of one batch.

    Each statement gives up Python's lock, and gets it back from the thread that answers the calls
    only some moments later. So new leads wait until somebody asks something, who must see them,
    and are inserted together.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._waiting: list[Sequence[Any]] = []

    def insert_lead(self, *values: Any) -> None:
        """Insert a lead with these values of `_COLUMNS`, before anything else is executed."""
        self._waiting.append(values)

    def execute(self, statement: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        """Execute a statement that sees all that was inserted before it."""
        self.insert_waiting()
        return self._connection.execute(statement, values)

    def insert_waiting(self) -> None:
        """Insert the leads that wait; to be called before the commit."""
        rows, self._waiting = self._waiting, []
        for first in range(0, len(rows), MOST_ROWS):
            some = rows[first : first + MOST_ROWS]
            self._connection.execute(_insert(len(some)), tuple(chain.from_iterable(some)))
