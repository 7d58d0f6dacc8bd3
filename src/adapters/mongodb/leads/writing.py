"""The writes of a batch, and what their errors mean for each entry."""

from collections.abc import Mapping, Sequence
from enum import Enum, auto
from typing import Any

from pymongo import UpdateOne
from pymongo.errors import BulkWriteError

from adapters.mongodb.connection.collections import Collections
from adapters.mongodb.connection.errors import CANNOT_BE_STORED, DUPLICATE_KEY, duplicated_field
from adapters.mongodb.leads.changes import Change
from adapters.mongodb.leads.documents import message_document
from adapters.mongodb.leads.entries import Entry
from adapters.mongodb.leads.links import link_document
from adapters.mongodb.leads.sorting import Attachment
from application.ports.errors import StorageUnavailable
from application.ports.lead_ledger import Capture


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
