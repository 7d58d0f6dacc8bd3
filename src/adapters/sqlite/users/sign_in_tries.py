"""Tries to sign in, a row each."""

from datetime import datetime
from math import ceil

from adapters.sqlite.connection.database import SqliteDatabase
from adapters.sqlite.connection.driver import sqlite3
from adapters.sqlite.connection.moments import to_store
from application.ports.sign_in_tries import SignInTries

_INSERT = "INSERT INTO sign_in_tries (subject, at) VALUES (?, ?)"
# Of those that count the oldest ones go first: this one makes room when it goes.
_IN_THE_WAY = """
SELECT at FROM sign_in_tries WHERE subject = ? AND at > ? ORDER BY at DESC LIMIT 1 OFFSET ?
"""
_PRUNE = "DELETE FROM sign_in_tries WHERE at <= ?"
_WITHDRAW = """
DELETE FROM sign_in_tries
WHERE rowid = (SELECT rowid FROM sign_in_tries WHERE subject = ? AND at = ? LIMIT 1)
"""
_FORGET = "DELETE FROM sign_in_tries WHERE subject = ?"


class SqliteSignInTries(SignInTries):
    """
    Tries are counted under the write lock.

    Whoever has to wait is refused before that: so nobody who tries for ever takes the lock from
    those who write leads.
    """

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def take(
        self, subject: str, at: datetime, *, window_seconds: int, most: int
    ) -> int | None:
        """Count one more."""
        now = to_store(at)
        since = now - window_seconds * 1000

        def wait(connection: sqlite3.Connection) -> int | None:
            row = connection.execute(_IN_THE_WAY, (subject, since, most - 1)).fetchone()
            return max(1, ceil((row[0] - since) / 1000)) if row else None

        def count(connection: sqlite3.Connection) -> int | None:
            seconds = wait(connection)
            if seconds is None:
                connection.execute(_PRUNE, (since,))
                connection.execute(_INSERT, (subject, now))
            return seconds

        return await self._database.read(wait) or await self._database.write(count)

    async def withdraw(self, subject: str, at: datetime) -> None:
        """Delete one of that moment."""
        await self._write(_WITHDRAW, (subject, to_store(at)))

    async def forget(self, subject: str) -> None:
        """Delete all of them."""
        await self._write(_FORGET, (subject,))

    async def _write(self, statement: str, values: tuple[str | int, ...]) -> None:
        def work(connection: sqlite3.Connection) -> None:
            connection.execute(statement, values)

        await self._database.write(work)
