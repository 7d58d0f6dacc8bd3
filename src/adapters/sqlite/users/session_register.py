"""Sessions, a row each; they go when their user goes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from adapters.sqlite.connection.database import SqliteDatabase
from adapters.sqlite.connection.driver import sqlite3
from adapters.sqlite.connection.moments import from_store, to_store
from application.ports.session_register import SessionRegister
from domain.users.session import Session

# Not for a user who is gone: the reference would refuse it.
_INSERT = """
INSERT INTO sessions (digest, user_id, created_at, last_used_at, generation)
SELECT ?, user_id, ?, ?, ? FROM users WHERE user_id = ?
"""
_FIND = """
SELECT digest, user_id, created_at, last_used_at, generation FROM sessions WHERE digest = ?
"""
_MARK_USED = "UPDATE sessions SET last_used_at = max(last_used_at, ?) WHERE digest = ?"
_END = "DELETE FROM sessions WHERE digest = ?"
_PRUNE = "DELETE FROM sessions WHERE last_used_at < ?"


class SqliteSessionRegister(SessionRegister):
    """Every method is one transaction."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def add(self, session: Session) -> None:
        """Keep a new session, if its user is there."""
        moments = (to_store(session.created_at), to_store(session.last_used_at))
        await self._write(
            _INSERT, [(session.digest, *moments, session.generation, session.user_id)]
        )

    async def find(self, digest: bytes) -> Session | None:
        """The session with this digest."""

        def work(connection: sqlite3.Connection) -> Session | None:
            row = connection.execute(_FIND, (digest,)).fetchone()
            return _from_row(*row) if row else None

        return await self._database.read(work)

    async def mark_used(self, last_used: Mapping[bytes, datetime]) -> None:
        """The later moment of the two stays."""
        await self._write(
            _MARK_USED, [(to_store(moment), digest) for digest, moment in last_used.items()]
        )

    async def end(self, digest: bytes) -> None:
        """Delete it."""
        await self._write(_END, [(digest,)])

    async def prune(self, before: datetime) -> None:
        """Delete what was last used before."""
        await self._write(_PRUNE, [(to_store(before),)])

    async def _write(self, statement: str, rows: list[tuple[Any, ...]]) -> None:
        def work(connection: sqlite3.Connection) -> None:
            connection.executemany(statement, rows)

        await self._database.write(work)


def _from_row(
    digest: bytes, user_id: str, created_at: int, last_used_at: int, generation: int
) -> Session:
    return Session(
        digest=digest,
        user_id=user_id,
        created_at=from_store(created_at),
        last_used_at=from_store(last_used_at),
        generation=generation,
    )
