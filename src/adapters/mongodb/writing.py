"""The two kinds of writes of a batch, and what their errors mean for each entry."""

from collections.abc import Mapping, Sequence
from enum import Enum, auto
from typing import Any

from pymongo import UpdateOne
from pymongo.errors import BulkWriteError

from adapters.mongodb.collections import Collections
from adapters.mongodb.documents import message_document
from adapters.mongodb.entries import Attachment, Entry
from adapters.mongodb.errors import CANNOT_BE_STORED, DUPLICATE_KEY, duplicated_field
from application.ports.errors import StorageUnavailable


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


async def attach(store: Collections, attachments: Sequence[Attachment]) -> list[Result]:
    """Add names, then messages, each in one write."""
    names = [
        UpdateOne(
            {"project_id": one.entry.capture.project_id, "_id": one.document_id},
            {"$addToSet": {"names": name}},
        )
        for one in attachments
        for name in one.names
    ]
    if names:
        await _add_names(store, names)
    with_message = [one for one in attachments if one.entry.capture.message]
    documents = [message_document(one.entry.capture, one.outcome.lead_id) for one in with_message]
    written = await _insert(store.messages, documents) if documents else []
    results = dict(zip(map(id, with_message), written, strict=True))
    return [results.get(id(one), Result.WRITTEN) for one in attachments]


async def _insert(collection: Any, documents: list[dict[str, Any]]) -> list[Result]:
    try:
        await collection.insert_many(documents, ordered=False)
    except BulkWriteError as error:
        return _results(error.details or {}, len(documents))
    return [Result.WRITTEN] * len(documents)


async def _add_names(store: Collections, updates: list[UpdateOne]) -> None:
    """A name that another lead has stays there."""
    try:
        await store.leads.bulk_write(updates, ordered=False)
    except BulkWriteError as error:
        if Result.UNKNOWN in _results(error.details or {}, len(updates)):
            raise StorageUnavailable("mongodb: the majority did not confirm") from error


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
