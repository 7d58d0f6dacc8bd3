"""Reads leads, a page at a time."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from adapters.mongodb.archive.lead_sums import MongoLeadSums
from adapters.mongodb.archive.place_counts import PlaceCounts
from adapters.mongodb.archive.wanted import wanted
from adapters.mongodb.connection.collections import Collections, aggregate
from adapters.mongodb.connection.database import MongoDatabase
from adapters.mongodb.leads.documents import lead_of, message_of
from adapters.mongodb.leads.free_places import count_places
from adapters.mongodb.leads.places import LARGEST_PLACE
from application.ports.lead_archive import LeadArchive
from domain.held import CODES
from domain.lead import Lead
from domain.leads.query import LeadQuery
from domain.leads.sums import Chunk
from domain.message import Message
from domain.plan import Month, Usage

LARGEST_INTEGER = 2**63 - 1
_POINTER = {"_id": 0, "lead_id": 1, "joined_into": 1}
IN_ORDER = [("project_id", 1), ("lead_id", 1)]
"""The index by which pages are read, whatever else is asked for: so a page ends when it is full."""
READ_TIMEOUT_SECONDS = 10.0
"""A page of an export, or the count of a large month, may take so long: no lead waits for it."""

_HELD = {"$group": {"_id": {"project": "$project_id", "code": "$code"}, "found": {"$sum": 1}}}
_MOMENT = {"_id": 0, "captured_at": 1}


class MongoLeadArchive(LeadArchive):
    """Reads from the primary what the majority has: all that was acknowledged."""

    def __init__(self, database: MongoDatabase) -> None:
        self._database = database
        self._counts = PlaceCounts()
        self._sums = MongoLeadSums(database)

    async def get(self, project_id: str, lead_id: int) -> Lead | None:
        """The lead with its messages."""
        if not 0 < lead_id <= LARGEST_INTEGER:
            return None
        with self._database.work(READ_TIMEOUT_SECONDS) as store:
            found = await _of_number(store, project_id, lead_id)
            if found is None:
                return None
            if "joined_into" in found:
                return await _joined(store, found)
            return (await _with_messages(store, project_id, [found]))[0]

    async def page(
        self, query: LeadQuery, *, after: int | None, limit: int, up_to: int | None = None
    ) -> Sequence[Lead]:
        """The next leads of the query."""
        order = -1 if query.newest_first else 1
        with self._database.work(READ_TIMEOUT_SECONDS) as store:
            cursor = store.leads.find(wanted(query, after, up_to), hint=IN_ORDER)
            found = await cursor.sort("lead_id", order).limit(limit).to_list(None)
            return await _with_messages(store, query.project_id, found)

    async def sums(self, project_ids: Sequence[str]) -> Mapping[str, Sequence[Chunk]]:
        """From what is remembered and kept; only what is new or was changed is counted."""
        return await self._sums.of(project_ids)

    async def places_taken(self, project_id: str, month: Month) -> int:
        """How many leads hold a place."""
        with self._database.work(READ_TIMEOUT_SECONDS) as store:
            return await count_places(store.leads, project_id, str(month), 1, LARGEST_PLACE)

    async def usage(self, project_ids: Sequence[str], month: Month) -> Mapping[str, Usage]:
        """Two questions for all, and a quick one for each."""
        with self._database.work(READ_TIMEOUT_SECONDS) as store:
            taken = await self._counts(store.leads, project_ids, str(month))
            last = await _last_leads(store.leads, project_ids)
            held = await _held(store.held, project_ids)
        return {
            one: Usage(
                places_taken=taken[one],
                held_by_code=held[one],
                last_lead_at=last.get(one),
            )
            for one in project_ids
        }


async def _held(collection: Any, project_ids: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
    """
    How many each project holds, by code.

    Every page of a project asks for it alone: to count each code takes half the time of grouping.
    """
    held: dict[str, dict[str, int]] = {one: {} for one in project_ids}
    if len(project_ids) == 1:
        wanted = [{"project_id": project_ids[0], "code": code} for code in CODES]
        found = await asyncio.gather(*map(collection.count_documents, wanted))
        counts = zip(CODES, found, strict=True)
        return {project_ids[0]: {code: count for code, count in counts if count}}
    waiting = {"project_id": {"$in": list(project_ids)}, "code": {"$in": CODES}}
    for row in await aggregate(collection, [{"$match": waiting}, _HELD]):
        held[row["_id"]["project"]][row["_id"]["code"]] = row["found"]
    return held


async def _last_leads(leads: Any, project_ids: Sequence[str]) -> Mapping[str, datetime]:
    """
    When the last lead of each came.

    Asked for each by itself: for several at once the server would read every lead of all.
    """
    wanted = [{"project_id": project_id} for project_id in project_ids]
    order = [("lead_id", -1)]
    found = await asyncio.gather(*(leads.find_one(one, _MOMENT, sort=order) for one in wanted))
    last = zip(project_ids, found, strict=True)
    return {one: lead["captured_at"] for one, lead in last if lead is not None}


async def _of_number(store: Collections, project_id: str, lead_id: int) -> Any:
    return await store.leads.find_one({"project_id": project_id, "lead_id": lead_id})


async def _joined(store: Collections, document: dict[str, Any]) -> Lead:
    """A joined lead with its own messages, and the number of the lead where its pointers end."""
    project_id, lead_id = document["project_id"], document["lead_id"]
    earliest = document
    while "joined_into" in earliest:
        earliest = await _of_number(store, project_id, earliest["joined_into"])
    messages = await _messages(store, project_id, {lead_id: lead_id})
    return lead_of(document, tuple(messages[lead_id]), earliest["lead_id"])


async def _with_messages(
    store: Collections, project_id: str, documents: Sequence[dict[str, Any]]
) -> list[Lead]:
    """One query for what is joined into them, and one for the messages of all."""
    if not documents:
        return []
    numbers = [document["lead_id"] for document in documents]
    messages = await _messages(store, project_id, await _owners(store, project_id, numbers))
    return [lead_of(document, tuple(messages[document["lead_id"]])) for document in documents]


async def _owners(store: Collections, project_id: str, numbers: Sequence[int]) -> dict[int, int]:
    """*numbers* and those of all leads joined into them, each with the number it belongs to."""
    owners = {number: number for number in numbers}
    latest = list(numbers)
    while latest:
        wanted = {"project_id": project_id, "joined_into": {"$in": latest}}
        found = await store.leads.find(wanted, _POINTER).to_list(None)
        new = {j["lead_id"]: owners[j["joined_into"]] for j in found if j["lead_id"] not in owners}
        owners |= new
        latest = list(new)
    return owners


async def _messages(
    store: Collections, project_id: str, owners: Mapping[int, int]
) -> dict[int, list[Message]]:
    """By owner, oldest first; of one moment, in the order they came."""
    wanted = {"project_id": project_id, "lead_id": {"$in": list(owners)}}
    messages: dict[int, list[Message]] = defaultdict(list)
    cursor = store.messages.find(wanted).sort([("sent_at", 1), ("_id", 1)])
    for message in await cursor.to_list(None):
        messages[owners[message["lead_id"]]].append(message_of(message))
    return messages
