"""Reads held calls, a page at a time."""

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

import orjson

from adapters.sqlite.connection.database import SqliteDatabase
from adapters.sqlite.connection.driver import sqlite3
from adapters.sqlite.connection.moments import from_store, to_store_or_none
from adapters.store_tools.capture_json import capture_from_json, identities_from_json
from application.ports.held_archive import HeldArchive
from domain.held import HeldCall, HeldQuery, HeldRoom
from domain.identity import Identity

_COLUMNS = (
    "held_id, project_id, channel, code, at, request_id, origin, body, once, capture,"
    " times, last_at, body_base64, says"
)
_ROOM = "SELECT count(*), coalesce(sum(size), 0) FROM held WHERE project_id = ? AND code = ?"
_ORIGINS = """
SELECT origin, count(*) FROM held
WHERE project_id = ? AND channel = ? AND code = ? AND origin IS NOT NULL GROUP BY origin
"""
_PERSONS = """
SELECT DISTINCT json_extract(capture, '$.identities') FROM held
WHERE project_id = ? AND channel = ? AND code = ? AND capture IS NOT NULL
"""
_NEXT_PROJECT = """
SELECT project_id FROM held WHERE code = ? AND project_id > ? ORDER BY project_id LIMIT 1
"""


class SqliteHeldArchive(HeldArchive):
    """Each page is one short read transaction, so that the log of the file can be reset between."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def page(self, query: HeldQuery, *, after: str | None, limit: int) -> Sequence[HeldCall]:
        """The next held calls of the query."""
        sql, values = _selection(query, after)

        def work(connection: sqlite3.Connection) -> list[HeldCall]:
            return [_from_row(row) for row in connection.execute(sql, (*values, limit))]

        return await self._database.read(work)

    async def room(self, project_id: str, code: str) -> HeldRoom:
        """What the index has: `size` is in it for this."""
        wanted = (project_id, code)
        return HeldRoom(*await self._database.read(lambda c: c.execute(_ROOM, wanted).fetchone()))

    async def origins(self, project_id: str, channel: str, code: str) -> Mapping[str, int]:
        """How many, by origin."""
        wanted = (project_id, channel, code)
        return await self._database.read(lambda c: dict(c.execute(_ORIGINS, wanted)))

    async def persons(self, project_id: str, channel: str, code: str) -> AbstractSet[Identity]:
        """All identities in captures."""
        wanted = (project_id, channel, code)

        def work(connection: sqlite3.Connection) -> set[Identity]:
            rows = connection.execute(_PERSONS, wanted)
            return {one for (found,) in rows for one in identities_from_json(orjson.loads(found))}

        return await self._database.read(work)

    async def projects(self, code: str) -> Sequence[str]:
        """A seek in the index for each project: DISTINCT would walk over all that is held."""

        def work(connection: sqlite3.Connection) -> list[str]:
            found: list[str] = []
            while row := connection.execute(_NEXT_PROJECT, (code, (found or [""])[-1])).fetchone():
                found.append(row[0])
            return found

        return await self._database.read(work)


def _selection(query: HeldQuery, after: str | None) -> tuple[str, Sequence[Any]]:
    """The statement, and its values but the last one, which is how many rows."""
    wanted = {c: value for c, value in _conditions(query, after).items() if value is not None}
    # Few say the same: with a plus, SQLite does not walk over all that is held for its order.
    order = "held_id" if query.says is None else "+held_id"
    order += " DESC" if query.newest_first else ""
    sql = f"SELECT {_COLUMNS} FROM held WHERE {' AND '.join(wanted)} ORDER BY {order} LIMIT ?"
    return sql, list(wanted.values())


def _conditions(query: HeldQuery, after: str | None) -> Mapping[str, Any]:
    """The value of each condition; None where it does not matter."""
    return {
        "project_id = ?": query.project_id,
        f"held_id {'<' if query.newest_first else '>'} ?": after,
        "code = ?": query.code,
        "channel = ?": query.channel,
        "channel != ?": query.but_channel,
        "coalesce(origin, '') = ?": query.origin,
        "coalesce(last_at, at) >= ?": to_store_or_none(query.since),
        "held_id IN (SELECT value FROM json_each(?))": _as_json_or_none(query.held_ids),
        "says IN (SELECT value FROM json_each(?))": _as_json_or_none(query.says),
    }


def _as_json_or_none(texts: Collection[str] | None) -> str | None:
    """All of them as one value: a statement has room for so many values only."""
    return None if texts is None else orjson.dumps(list(texts)).decode()


def _from_row(row: tuple[Any, ...]) -> HeldCall:
    held_id, project_id, channel, code, at, request_id, origin, body, once, capture, *sent = row
    times, last_at, body_base64, says = sent
    return HeldCall(
        held_id=held_id,
        project_id=project_id,
        channel=channel,
        code=code,
        at=from_store(at),
        request_id=request_id,
        origin=origin,
        body=body,
        once=once,
        capture=capture_from_json(orjson.loads(capture), body) if capture else None,
        times=times,
        last_at=from_store(last_at) if times > 1 else None,
        body_base64=body_base64,
        says=says,
    )
