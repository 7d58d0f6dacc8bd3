"""Reads held calls, a page at a time."""

import sqlite3
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

import orjson

from adapters.sqlite.connection.database import SqliteDatabase
from adapters.sqlite.connection.moments import from_store, to_store
from adapters.store_tools.capture_json import capture_from_json, identities_from_json
from application.ports.held_archive import HeldArchive
from domain.held import LINES, HeldCall, HeldQuery
from domain.identity import Identity

_COLUMNS = "held_id, project_id, channel, code, at, request_id, origin, body, once, capture"
_COUNTS = "SELECT code, count(*) FROM held WHERE project_id = ? GROUP BY code"
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
        conditions = ["project_id = ?"]
        values: list[Any] = [query.project_id]
        if after is not None:
            conditions.append("held_id > ?")
            values.append(after)
        if query.code is not None:
            conditions.append("code = ?")
            values.append(query.code)
        if query.since is not None:
            conditions.append("at >= ?")
            values.append(to_store(query.since))
        if query.held_ids is not None:  # as JSON: a statement has room for so many values only
            conditions.append("held_id IN (SELECT value FROM json_each(?))")
            values.append(orjson.dumps(list(query.held_ids)).decode())
        sql = (
            f"SELECT {_COLUMNS} FROM held WHERE {' AND '.join(conditions)} ORDER BY held_id LIMIT ?"
        )

        def work(connection: sqlite3.Connection) -> list[HeldCall]:
            return [_from_row(row) for row in connection.execute(sql, (*values, limit))]

        return await self._database.read(work)

    async def counts(self, project_id: str) -> Mapping[str, int]:
        """How many, by code."""
        counts = await self._database.read(lambda c: dict(c.execute(_COUNTS, (project_id,))))
        return {code: count for code, count in counts.items() if code not in LINES}

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


def _from_row(row: tuple[Any, ...]) -> HeldCall:
    held_id, project_id, channel, code, at, request_id, origin, body, once, capture = row
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
    )
