"""The writes of a batch, and what their errors mean for each entry."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum, auto
from typing import Any

from pymongo import UpdateOne
from pymongo.errors import BulkWriteError

from adapters.mongodb.connection.collections import Collections
from adapters.mongodb.connection.errors import CANNOT_BE_STORED, DUPLICATE_KEY, duplicated_field
from adapters.mongodb.leads.documents import later_details, message_document
from adapters.mongodb.leads.lookup import KnownLead
from adapters.mongodb.leads.persons import link_document
from adapters.mongodb.leads.sorting import Attachment, Entry, Join
from domain.capture import Capture
from domain.errors import StorageUnavailable
from domain.json_value import JsonObject
from domain.lead_filling import filled, to_fill

Change = tuple[Entry, UpdateOne]
"""One change of one lead, and the entry that waits for it."""
_IS_MISSING = {"$exists": False}


def changes_of(joins: Iterable[Join], attachments: Iterable[Attachment]) -> list[Change]:
    """All of a round, in its order; what a lead lacks is given by the first who has it."""
    changes: list[Change] = []
    fillings = _Fillings()
    for join in joins:
        changes += _joining(join)
    for one in attachments:
        if one.lead is not None:
            changes += _naming(one, one.lead)
            changes += fillings.of(one, one.lead)
    return changes


class _Fillings:
    """What leads take in a round: what one capture gave, they lack no more."""

    def __init__(self) -> None:
        self._said: dict[str, JsonObject] = {}

    def of(self, one: Attachment, lead: KnownLead) -> Iterator[Change]:
        """A lead that was joined meanwhile takes nothing, and the entry is looked up again."""
        together = one.entry.capture.together
        for later in one.later:
            said: JsonObject = self._said.get(lead["_id"]) or lead["details"]
            if taken := to_fill(said, later, together):
                self._said[lead["_id"]] = filled(said, taken)
                wanted = _lead(one.entry, lead) | {"joined_into": _IS_MISSING}
                change = {"$addToSet": {"later_details": later_details(taken, later, together)}}
                yield one.entry, UpdateOne(wanted, change)


def _naming(one: Attachment, lead: KnownLead) -> Iterator[Change]:
    for name in one.names:
        yield one.entry, UpdateOne(_lead(one.entry, lead), {"$addToSet": {"names": name}})


def _joining(join: Join) -> Iterator[Change]:
    """
    The pointers always go from a later lead to an earlier one, and stay.

    What the later says and the earlier lacks is given in the next round: nobody fills a lead
    that has a pointer, so then all is known of it.
    """
    earliest, *later = join.leads
    for lead in later:
        wanted = _lead(join.entry, lead) | {"joined_into": _IS_MISSING}
        yield join.entry, UpdateOne(wanted, {"$set": {"joined_into": earliest["lead_id"]}})


def _lead(entry: Entry, lead: KnownLead) -> dict[str, Any]:
    return {"project_id": entry.capture.project_id, "_id": lead["_id"]}


class Result(Enum):
    """What became of one document."""

    WRITTEN = auto()
    UNKNOWN = auto()
    """It may be there, now or later: the store is asked before it is tried again."""
    NUMBER_TAKEN = auto()
    PLACE_TAKEN = auto()
    KNOWN = auto()
    """Its `_id`, key, name or message is there already."""
    UNWRITABLE = auto()


_TAKEN = {"lead_id": Result.NUMBER_TAKEN, "place": Result.PLACE_TAKEN}


async def insert_leads(store: Collections, entries: Sequence[Entry]) -> list[Result]:
    """Insert the leads of *entries* in one write, each by itself."""
    return await _insert(store.leads, [entry.document for entry in entries])


async def insert_links(store: Collections, entries: Sequence[Entry]) -> list[Result]:
    """Remember that the names of each of *entries* are one person's."""
    return await _insert(store.links, [link_document(entry.capture) for entry in entries])


async def insert_messages(store: Collections, attachments: Sequence[Attachment]) -> list[Result]:
    """Insert the messages of *attachments*, each with the lead of its outcome."""
    documents = [message_document(one.entry.capture, one.outcome.lead_id) for one in attachments]
    return await _insert(store.messages, documents)


async def complete_messages(store: Collections, captures: Sequence[Capture]) -> None:
    """
    Give the kept messages of *captures* the text that they lack.

    Whoever comes first gives it; a failed write is tried again with the capture.
    """
    await store.messages.bulk_write([_completing(one) for one in captures], ordered=False)


def _completing(capture: Capture) -> UpdateOne:
    document = message_document(capture, 0)
    key = {name: document[name] for name in ("project_id", "channel", "message_id")}
    content = {name: document[name] for name in ("type", "text", "raw")}
    return UpdateOne({**key, "text": None}, {"$set": content})


async def change_leads(store: Collections, changes: Sequence[Change]) -> dict[Entry, Result]:
    """
    Make *changes* in one write, each by itself; what became of those that are not written.

    A name that another lead has stays there, and the two are one person's. Where a lead was not
    as it was found, the server does not tell which: all of *changes* are unknown then.
    """
    updates = [update for _, update in changes]
    results = [Result.WRITTEN] * len(updates)
    try:
        matched = (await store.leads.bulk_write(updates, ordered=False)).matched_count
    except BulkWriteError as error:
        results = _results(error.details, len(updates))
        matched = error.details["nMatched"]
    if matched < sum(result is Result.WRITTEN for result in results):
        results = [Result.UNKNOWN if one is Result.WRITTEN else one for one in results]
    found = zip((entry for entry, _ in changes), results, strict=True)
    return {entry: result for entry, result in found if result is not Result.WRITTEN}


async def _insert(collection: Any, documents: list[dict[str, Any]]) -> list[Result]:
    try:
        await collection.insert_many(documents, ordered=False)
    except BulkWriteError as error:
        return _results(error.details or {}, len(documents))
    return [Result.WRITTEN] * len(documents)


def _results(details: Mapping[str, Any], count: int) -> list[Result]:
    """
    The result of each document.

    Where the write concern failed, all that was inserted may yet be undone.
    """
    unconfirmed = bool(details.get("writeConcernErrors"))
    results = [Result.UNKNOWN if unconfirmed else Result.WRITTEN] * count
    for error in details.get("writeErrors", ()):
        results[error["index"]] = _result(error)
    return results


def _result(error: Mapping[str, Any]) -> Result:
    code = error["code"]
    if code == DUPLICATE_KEY:
        return _TAKEN.get(duplicated_field(error), Result.KNOWN)
    if code in CANNOT_BE_STORED:
        return Result.UNWRITABLE
    raise StorageUnavailable(f"mongodb: a write failed with code {code}")
