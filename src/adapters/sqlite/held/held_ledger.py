"""Holds calls, a row each."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

import orjson

from adapters.sqlite.connection.database import SqliteDatabase
from adapters.sqlite.connection.driver import sqlite3
from adapters.sqlite.connection.moments import to_store
from adapters.store_tools.capture_json import capture_to_json
from application.ports.held_ledger import HeldLedger
from domain.held import CannotBeHeld, HeldCall

_INSERT = """
INSERT INTO held (
    project_id, held_id, once, code, at, channel, request_id, origin, body, capture,
    times, last_at, body_base64, size, says
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_HOLD = f"{_INSERT} ON CONFLICT DO NOTHING"
_HOLD_OR_COUNT = f"""
{_INSERT}
ON CONFLICT (project_id, once) DO UPDATE SET
    times = times + excluded.times,
    last_at = max(coalesce(last_at, at), excluded.last_at)
ON CONFLICT DO NOTHING
"""
_COUNT = """
UPDATE held SET times = times + ?, last_at = max(coalesce(last_at, at), ?)
WHERE project_id = ? AND once = ?
"""
_MOVE = "UPDATE held SET code = ? WHERE project_id = ? AND held_id = ?"
_REMOVE = "DELETE FROM held WHERE project_id = ? AND held_id = ?"
_REMOVE_OLD = """
DELETE FROM held WHERE project_id = ?1 AND code = ?2 AND at < ?3 AND coalesce(last_at, at) < ?3
"""
# `at` is in the index, so that only rows that came before the moment are read for `last_at`.
_REMOVE_TOO_MANY = """
DELETE FROM held WHERE project_id = ?1 AND code = ?2 AND held_id <= (
    SELECT held_id FROM held WHERE project_id = ?1 AND code = ?2
    ORDER BY held_id DESC LIMIT 1 OFFSET ?3
)
"""


class SqliteHeldLedger(HeldLedger):
    """Every method is one transaction."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def hold(self, calls: Sequence[HeldCall]) -> None:
        """A call whose `held_id` or `once` a row has already is left out."""
        await self._insert(_HOLD, calls)

    async def hold_or_count(
        self, calls: Sequence[HeldCall], *, has_room: bool = True
    ) -> AbstractSet[str]:
        """A call whose `once` a row has adds to that; one whose `held_id` it has is left out."""
        if not has_room:
            return await self._count(calls)
        await self._insert(_HOLD_OR_COUNT, calls)
        return {call.held_id for call in calls}

    async def _insert(self, statement: str, calls: Sequence[HeldCall]) -> None:
        rows = [_to_row(call) for call in calls]

        def work(connection: sqlite3.Connection) -> None:
            connection.executemany(statement, [row for row in rows if row is not None])

        await self._database.write(work)
        refused = [call.held_id for call, row in zip(calls, rows, strict=True) if row is None]
        if refused:
            raise CannotBeHeld(refused)

    async def _count(self, calls: Sequence[HeldCall]) -> AbstractSet[str]:
        """Add to the rows that are there."""

        def work(connection: sqlite3.Connection) -> AbstractSet[str]:
            return {
                call.held_id
                for call in calls
                if connection.execute(_COUNT, _count_of(call)).rowcount
            }

        return await self._database.write(work)

    async def move(self, project_id: str, held_ids: Sequence[str], code: str) -> None:
        """Replace the code of those that are there."""

        def work(connection: sqlite3.Connection) -> None:
            connection.executemany(_MOVE, [(code, project_id, one) for one in held_ids])

        await self._database.write(work)

    async def remove(self, project_id: str, held_ids: Sequence[str]) -> None:
        """Delete those that are there."""

        def work(connection: sqlite3.Connection) -> None:
            connection.executemany(_REMOVE, [(project_id, one) for one in held_ids])

        await self._database.write(work)

    async def prune(self, project_id: str, code: str, *, most: int, before: datetime) -> int:
        """First by age, then all from the newest one that is too many downwards."""

        def work(connection: sqlite3.Connection) -> int:
            old = connection.execute(_REMOVE_OLD, (project_id, code, to_store(before)))
            too_many = connection.execute(_REMOVE_TOO_MANY, (project_id, code, most))
            return old.rowcount + too_many.rowcount

        return await self._database.write(work)


def _count_of(call: HeldCall) -> tuple[Any, ...]:
    return call.times, to_store(call.last_at or call.at), call.project_id, call.once


def _to_row(call: HeldCall) -> tuple[Any, ...] | None:
    """
    The row; None if anything of the call cannot be stored.

    Done before the transaction begins, so that a call that no row can hold fails alone.
    """
    capture = call.capture
    try:
        row = (
            call.project_id,
            call.held_id,
            call.once,
            call.code,
            to_store(call.at),
            call.channel,
            call.request_id,
            call.origin,
            call.body,
            orjson.dumps(capture_to_json(capture, call.body)).decode() if capture else None,
            call.times,
            to_store(call.last_at or call.at),
            call.body_base64,
            call.size,
            call.says,
        )
        for value in row:
            if isinstance(value, str):
                value.encode()
    except (TypeError, UnicodeEncodeError):  # orjson's JSONEncodeError is a TypeError
        return None
    return row
