"""Reads leads, a page at a time."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from adapters.mongodb.collections import Collections
from adapters.mongodb.database import MongoDatabase
from adapters.mongodb.documents import lead_of, message_of
from adapters.mongodb.holes import count_places
from adapters.mongodb.places import LARGEST_PLACE
from application.ports.lead_archive import LeadArchive, LeadQuery
from domain.lead import Lead, Message
from domain.plan import Month

LARGEST_INTEGER = 2**63 - 1
READ_TIMEOUT_SECONDS = 10.0
"""Nobody's lead waits for a reader: a page of an export, or the count of a large month."""


class MongoLeadArchive(LeadArchive):
    """Reads from the primary what the majority has: all that was acknowledged."""

    def __init__(self, database: MongoDatabase) -> None:
        self._database = database

    async def get(self, project_id: str, lead_id: int) -> Lead | None:
        """The lead with its messages."""
        if not 0 < lead_id <= LARGEST_INTEGER:
            return None
        with self._database.work(READ_TIMEOUT_SECONDS) as store:
            wanted = {"project_id": project_id, "lead_id": lead_id}
            found = await store.leads.find(wanted).to_list(1)
            return next(iter(await _with_messages(store, project_id, found)), None)

    async def page(self, query: LeadQuery, *, after: int | None, limit: int) -> Sequence[Lead]:
        """The next leads of the query."""
        wanted: dict[str, Any] = {"project_id": query.project_id}
        if after is not None:
            wanted["lead_id"] = {"$lt" if query.newest_first else "$gt": after}
        if query.since is not None:
            wanted["captured_at"] = {"$gte": query.since}
        if query.channel is not None:
            wanted["channel"] = query.channel
        with self._database.work(READ_TIMEOUT_SECONDS) as store:
            cursor = store.leads.find(wanted).sort("lead_id", -1 if query.newest_first else 1)
            found = await cursor.limit(limit).to_list(None)
            return await _with_messages(store, query.project_id, found)

    async def places_taken(self, project_id: str, month: Month) -> int:
        """How many leads hold a place."""
        with self._database.work(READ_TIMEOUT_SECONDS) as store:
            return await count_places(store.leads, project_id, str(month), 1, LARGEST_PLACE)


async def _with_messages(
    store: Collections, project_id: str, documents: Sequence[dict[str, Any]]
) -> list[Lead]:
    """One query for the messages of all, oldest first; of one moment, in the order they came."""
    messages: dict[int, list[Message]] = defaultdict(list)
    numbers = [document["lead_id"] for document in documents]
    if numbers:
        wanted = {"project_id": project_id, "lead_id": {"$in": numbers}}
        cursor = store.messages.find(wanted).sort([("sent_at", 1), ("_id", 1)])
        for message in await cursor.to_list(None):
            messages[message["lead_id"]].append(message_of(message))
    return [lead_of(document, tuple(messages[document["lead_id"]])) for document in documents]
