"""
Counts leads in chunks, and keeps what it has counted.

`lead_sums` has a row for each chunk that was counted once all its numbers were given. Triggers of
the table of leads remove the row in the very transaction that changes what it counts. So a row is
true as long as it is there, and no code that changes leads can forget it. Whoever counts the chunk
again makes a new row, whose number is another one.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adapters.sqlite.connection.database import SqliteDatabase
from adapters.store_tools.lead_sums import (
    CHUNK,
    Memory,
    Row,
    chunk_of,
    from_json,
    ranges_of,
    summed,
    to_json,
)
from domain.errors import StorageUnavailable
from domain.leads.sums import Chunk

_HIGHEST = "SELECT max(lead_id) FROM leads WHERE project_id = ?"
_KEPT = "SELECT chunk, number FROM lead_sums WHERE project_id = ?"
_LOAD = "SELECT sums FROM lead_sums WHERE number = ?"
_COUNT = f"""
SELECT (lead_id - 1) / {CHUNK}, captured_at / 86400000, channel, source, campaign, count(*)
FROM leads WHERE project_id = ? AND lead_id BETWEEN ? AND ? AND joined_into IS NULL
GROUP BY 1, 2, 3, 4, 5
"""
_KEEP = """
INSERT INTO lead_sums (project_id, chunk, sums) VALUES (?, ?, ?)
ON CONFLICT (project_id, chunk) DO UPDATE SET sums = excluded.sums
RETURNING number
"""
AT_ONCE = 20
"""So many chunks are counted under the write lock at a time: some ten milliseconds."""

_Known = Mapping[int, int]
"""Of each chunk the number of the row that it was of."""
_Counted = dict[int, tuple[int, Chunk]]


@dataclass(slots=True)
class _Seen:
    """
    The chunks of a project as one read found them.

    Attributes:
        kept: Those that are remembered, and true.
        loaded: Those that are kept in the store, each with the number of its row.
        missing: Those that get no new leads any more and are to be counted.
        open: The last one, which was counted.
    """

    kept: Sequence[int]
    loaded: _Counted
    missing: Sequence[int]
    open: Mapping[int, Chunk]


class SqliteLeadSums:
    """The sums of projects; each is true when it is read."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database
        self._memory: Memory[int] = Memory()

    async def of(self, project_ids: Sequence[str]) -> Mapping[str, Sequence[Chunk]]:
        """All chunks of each of these projects, ascending."""
        known = {one: self._memory.versions(one) for one in project_ids}

        def work(connection: sqlite3.Connection) -> dict[str, _Seen]:
            return {one: _look(connection, one, known[one]) for one in project_ids}

        found = await self._database.read(work)
        return {one: await self._complete(one, seen) for one, seen in found.items()}

    async def _complete(self, project_id: str, seen: "_Seen") -> Sequence[Chunk]:
        chunks = {number: self._memory.chunk(project_id, number) for number in seen.kept}
        chunks |= {number: chunk for number, (_, chunk) in seen.loaded.items()}
        self._memory.remember(project_id, seen.loaded)
        for begin in range(0, len(seen.missing), AT_ONCE):
            chunks |= await self._count(project_id, seen.missing[begin : begin + AT_ONCE])
        chunks |= seen.open
        return [chunks[number] for number in sorted(chunks)]

    async def _count(self, project_id: str, numbers: Sequence[int]) -> Mapping[int, Chunk]:
        """
        Count chunks and keep what was counted, under the write lock, so that it is true.

        Where nothing can be written, on a full disk, they are only counted.
        """

        def work(connection: sqlite3.Connection) -> _Counted:
            counted = _counted(connection, project_id, numbers)
            return {one: (_keep(connection, project_id, one, c), c) for one, c in counted.items()}

        try:
            kept = await self._database.write(work)
        except StorageUnavailable:
            return await self._database.read(lambda c: _counted(c, project_id, numbers))
        self._memory.remember(project_id, kept)
        return {number: chunk for number, (_, chunk) in kept.items()}


def _look(connection: sqlite3.Connection, project_id: str, known: _Known) -> _Seen:
    (highest,) = connection.execute(_HIGHEST, (project_id,)).fetchone()
    if highest is None:
        return _Seen((), {}, (), {})
    last = chunk_of(highest)
    rows = {chunk: row for chunk, row in connection.execute(_KEPT, (project_id,)) if chunk < last}
    loaded: _Counted = {}
    for chunk, row in rows.items():
        if known.get(chunk) != row and (found := connection.execute(_LOAD, (row,)).fetchone()):
            loaded[chunk] = (row, from_json(chunk, found[0]))
    kept = [chunk for chunk, row in rows.items() if known.get(chunk) == row]
    there = {*kept, *loaded}
    missing = [chunk for chunk in range(last) if chunk not in there]
    return _Seen(kept, loaded, missing, _counted(connection, project_id, [last]))


def _counted(
    connection: sqlite3.Connection, project_id: str, numbers: Sequence[int]
) -> Mapping[int, Chunk]:
    """These chunks, each counted, also those without a lead."""
    rows: dict[int, list[Row]] = defaultdict(list)
    for first, last in ranges_of(numbers):
        for number, *row in connection.execute(_COUNT, (project_id, first, last)):
            rows[number].append(tuple(row))
    return {number: summed(number, rows[number]) for number in numbers}


def _keep(connection: sqlite3.Connection, project_id: str, number: int, chunk: Chunk) -> int:
    row: int = connection.execute(_KEEP, (project_id, number, to_json(chunk))).fetchone()[0]
    return row
