"""
Counts leads in chunks, and keeps what it has counted.

`lead_sums` has a row for each chunk that was counted once all its numbers were given. Triggers of
the table of leads remove the row in the very transaction that changes what it counts. So a row is
true as long as it is there, and no code that changes leads can forget it. The row that is made when
the chunk is counted again has another number, which no row had before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adapters.sqlite.connection.database import SqliteDatabase
from adapters.sqlite.connection.driver import sqlite3
from adapters.store_tools.lead_sums import (
    Memory,
    Remembered,
    Row,
    chunk_of,
    from_json,
    numbers_of,
    summed,
    to_json,
)
from domain.errors import StorageUnavailable
from domain.leads.sums import Chunk

_HIGHEST = "SELECT max(lead_id) FROM leads WHERE project_id = ?"
_KEPT = "SELECT chunk, number FROM lead_sums WHERE project_id = ?"
_LOAD = "SELECT sums FROM lead_sums WHERE number = ?"
_COUNT = """
SELECT captured_at / 86400000, channel, source, campaign, count(*)
FROM leads WHERE project_id = ? AND lead_id BETWEEN ? AND ? AND joined_into IS NULL
GROUP BY 1, 2, 3, 4
"""
_KEEP = """
INSERT INTO lead_sums (project_id, chunk, sums) VALUES (?, ?, ?)
ON CONFLICT (project_id, chunk) DO UPDATE SET sums = excluded.sums
RETURNING number
"""
AT_ONCE = 2
"""
So many chunks are counted under the write lock at a time: some ten milliseconds, thirty where leads
say very much. Captures wait for that.
"""

_Known = Remembered[int]
"""Of each chunk the number of the row that it was of, and the chunk."""
_Counted = dict[int, tuple[int, Chunk]]


@dataclass(slots=True)
class _Seen:
    """
    The chunks of a project as one read found them.

    Attributes:
        known: Those that were remembered, and are true.
        loaded: Those that are kept in the store, each with the number of its row.
        missing: Those that get no new leads any more and are to be counted.
        open: The last one, which was counted.
    """

    known: Mapping[int, Chunk]
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
        known = {one: self._memory.of(one) for one in project_ids}

        def work(connection: sqlite3.Connection) -> dict[str, _Seen]:
            return {one: _look(connection, one, known[one]) for one in project_ids}

        found = await self._database.read(work)
        return {one: await self._complete(one, seen) for one, seen in found.items()}

    async def _complete(self, project_id: str, seen: "_Seen") -> Sequence[Chunk]:
        chunks = {**seen.known, **{number: chunk for number, (_, chunk) in seen.loaded.items()}}
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
        return _Seen({}, {}, (), {})
    last = chunk_of(highest)
    rows = {chunk: row for chunk, row in connection.execute(_KEPT, (project_id,)) if chunk < last}
    true: dict[int, Chunk] = {}
    loaded: _Counted = {}
    for number, row in rows.items():
        if number in known and known[number][0] == row:
            true[number] = known[number][1]
        elif found := connection.execute(_LOAD, (row,)).fetchone():
            loaded[number] = (row, from_json(number, found[0]))
    missing = [number for number in range(last) if number not in true and number not in loaded]
    return _Seen(true, loaded, missing, _counted(connection, project_id, [last]))


def _counted(
    connection: sqlite3.Connection, project_id: str, numbers: Sequence[int]
) -> Mapping[int, Chunk]:
    """These chunks, each counted, also those without a lead."""
    counted: dict[int, Chunk] = {}
    for number in numbers:
        rows: list[Row] = connection.execute(_COUNT, (project_id, *numbers_of(number))).fetchall()
        counted[number] = summed(number, rows)
    return counted


def _keep(connection: sqlite3.Connection, project_id: str, number: int, chunk: Chunk) -> int:
    row: int = connection.execute(_KEEP, (project_id, number, to_json(chunk))).fetchone()[0]
    return row
