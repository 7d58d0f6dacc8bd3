"""Reads leads, a page at a time."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from adapters.sqlite.archive.lead_sums import SqliteLeadSums
from adapters.sqlite.archive.wanted import conditions_of
from adapters.sqlite.connection.database import SqliteDatabase
from adapters.sqlite.connection.driver import sqlite3
from adapters.sqlite.connection.moments import from_store, from_store_or_none
from application.ports.lead_archive import LeadArchive
from domain.held import CODES
from domain.lead import Lead, LeadDetails
from domain.leads.query import LeadQuery
from domain.leads.sums import Chunk
from domain.message import Message
from domain.plan import Month, Usage

LARGEST_INTEGER = 2**63 - 1
MOST_MONTHS = 10_000
"""Of so many projects and months it is remembered up to where all places are taken."""
_COLUMNS = "project_id, lead_id, channel, captured_at, request_id, details, joined_into"
_FIND_POINTER = "SELECT joined_into FROM leads WHERE project_id = ? AND lead_id = ?"
_FIND_MESSAGES = """
SELECT message_id, type, text, sent_at, raw FROM messages
WHERE project_id = ? AND lead_id = ? ORDER BY sent_at, number
"""
_FIND_MESSAGES_OF_ALL_THAT_IS_JOINED = """
WITH RECURSIVE person (project_id, lead_id) AS (
    VALUES (?, ?)
    UNION ALL
    SELECT leads.project_id, leads.lead_id FROM leads JOIN person
    ON leads.project_id = person.project_id AND leads.joined_into = person.lead_id
)
SELECT message_id, type, text, sent_at, raw FROM person CROSS JOIN messages
USING (project_id, lead_id) ORDER BY sent_at, number
"""
"""CROSS makes SQLite begin with the person: else it may go through all messages of the store."""
_COUNT_PLACES = """
SELECT count(*) FROM leads WHERE project_id = ? AND month = ? AND place IS NOT NULL
"""
_COUNT_PLACES_ABOVE = """
SELECT count(*), max(place) FROM leads WHERE project_id = ? AND month = ? AND place > ?
"""
_FIND_LAST_LEAD = """
SELECT captured_at FROM leads WHERE project_id = ? ORDER BY lead_id DESC LIMIT 1
"""
_COUNT_HELD = f"""
SELECT code, count(*) FROM held
WHERE project_id = ? AND code IN ({", ".join("?" for _ in CODES)}) GROUP BY code
"""


class SqliteLeadArchive(LeadArchive):
    """Each page is one short read transaction, so that the log of the file can be reset between."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database
        self._sums = SqliteLeadSums(database)
        self._all_taken: dict[tuple[str, Month], int] = {}

    async def get(self, project_id: str, lead_id: int) -> Lead | None:
        """The lead with its messages."""
        if not 0 < lead_id <= LARGEST_INTEGER:
            return None

        def work(connection: sqlite3.Connection) -> Lead | None:
            query = f"SELECT {_COLUMNS} FROM leads WHERE project_id = ? AND lead_id = ?"
            rows = connection.execute(query, (project_id, lead_id))
            return next(iter(_with_messages(connection, rows)), None)

        return await self._database.read(work)

    async def page(
        self, query: LeadQuery, *, after: int | None, limit: int, up_to: int | None = None
    ) -> Sequence[Lead]:
        """The next leads of the query."""
        conditions, values = conditions_of(query, after, up_to)
        order = "DESC" if query.newest_first else "ASC"
        sql = (
            f"SELECT {_COLUMNS} FROM leads WHERE {' AND '.join(conditions)}"
            f" ORDER BY lead_id {order} LIMIT ?"
        )

        def work(connection: sqlite3.Connection) -> list[Lead]:
            return _with_messages(connection, connection.execute(sql, (*values, limit)))

        return await self._database.read(work)

    async def sums(self, project_ids: Sequence[str]) -> Mapping[str, Sequence[Chunk]]:
        """From what is kept; only what is new or was changed is counted."""
        return await self._sums.of(project_ids)

    async def places_taken(self, project_id: str, month: Month) -> int:
        """How many leads hold a place."""
        wanted = (project_id, str(month))
        return await self._database.read(lambda c: _number(c, _COUNT_PLACES, wanted))

    async def usage(self, project_ids: Sequence[str], month: Month) -> Mapping[str, Usage]:
        """
        Three short questions for each, in one read.

        A large month takes long to count. So the places up to which all are taken are remembered:
        places do not become free again unless somebody changes the store by hand.
        """
        taken = {one: self._all_taken.get((one, month), 0) for one in project_ids}

        def work(connection: sqlite3.Connection) -> dict[str, tuple[Usage, int]]:
            return {one: _usage(connection, one, month, taken[one]) for one in project_ids}

        found = await self._database.read(work)
        if len(self._all_taken) > MOST_MONTHS:
            self._all_taken.clear()
        self._all_taken |= {(one, month): all_up_to for one, (_, all_up_to) in found.items()}
        return {one: usage for one, (usage, _) in found.items()}


def _usage(
    connection: sqlite3.Connection, project_id: str, month: Month, taken: int
) -> tuple[Usage, int]:
    """The usage, and the place up to which all are taken; *taken* is known to be such a one."""
    above = (project_id, str(month), taken)
    count, highest = connection.execute(_COUNT_PLACES_ABOVE, above).fetchone()
    last = connection.execute(_FIND_LAST_LEAD, (project_id,)).fetchone()
    usage = Usage(
        places_taken=taken + count,
        held_by_code=dict(connection.execute(_COUNT_HELD, (project_id, *CODES)).fetchall()),
        last_lead_at=from_store(last[0]) if last else None,
    )
    return usage, highest if highest == usage.places_taken else taken


def _number(connection: sqlite3.Connection, query: str, values: Sequence[str]) -> int:
    found: int = connection.execute(query, values).fetchone()[0]
    return found


def _with_messages(connection: sqlite3.Connection, rows: Iterable[Any]) -> list[Lead]:
    leads = []
    for project_id, lead_id, channel, captured_at, request_id, details, joined_into in rows:
        is_joined = joined_into is not None
        leads.append(
            Lead(
                project_id=project_id,
                lead_id=lead_id,
                channel=channel,
                captured_at=from_store(captured_at),
                request_id=request_id,
                details=LeadDetails.of(orjson.loads(details)),
                messages=_messages(connection, project_id, lead_id, is_joined=is_joined),
                joined_into=_earliest(connection, project_id, joined_into) if is_joined else None,
            )
        )
    return leads


def _messages(
    connection: sqlite3.Connection, project_id: str, lead_id: int, *, is_joined: bool
) -> tuple[Message, ...]:
    query = _FIND_MESSAGES if is_joined else _FIND_MESSAGES_OF_ALL_THAT_IS_JOINED
    return tuple(
        Message(
            message_id=message_id,
            type=message_type,
            text=text,
            sent_at=from_store_or_none(sent_at),
            raw=raw,
        )
        for message_id, message_type, text, sent_at, raw in connection.execute(
            query, (project_id, lead_id)
        )
    )


def _earliest(connection: sqlite3.Connection, project_id: str, lead_id: int) -> int:
    """The lead at the end of the pointers of *lead_id*."""
    pointer: int | None = lead_id
    while pointer is not None:
        lead_id = pointer
        (pointer,) = connection.execute(_FIND_POINTER, (project_id, lead_id)).fetchone()
    return lead_id
