"""Holds calls, a document each."""

from collections.abc import Awaitable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

import bson
import orjson
from bson.errors import InvalidDocument
from pymongo import UpdateOne
from pymongo.errors import BulkWriteError

from adapters.mongodb.connection.database import MongoDatabase
from adapters.mongodb.connection.errors import DUPLICATE_KEY, duplicated_field
from adapters.mongodb.leads.documents import LARGEST_DOCUMENT_BYTES
from adapters.store_tools.capture_json import capture_to_json
from application.ports.held_ledger import HeldLedger
from domain.errors import StorageUnavailable
from domain.held import CannotBeHeld, HeldCall

TRIES = 3
NUMBERS = frozenset({"_id", "held_id"})
"""What meets their indexes has a number of its own that is taken."""
_ONCE = ("project_id", "once")
_COUNTED = ("times", "last_at")


class MongoHeldLedger(HeldLedger):
    """
    One write a method, but for `prune` and what `hold_or_count` does again.

    A duplicate is held already.
    """

    def __init__(self, database: MongoDatabase) -> None:
        self._database = database

    async def hold(self, calls: Sequence[HeldCall]) -> None:
        """
        Insert each by itself; one that is held already is left as it is.

        The sender may have brought it to another process a moment ago, whose write the majority
        does not have yet. That does no harm: the server acknowledges this write only when the
        majority has what the duplicate met, so that both answers are true.
        """
        documents = [_encoded(call) for call in calls]
        if wanted := [document for document in documents if document is not None]:
            with self._database.work() as store:
                await _duplicates_met_by(store.held.insert_many(wanted, ordered=False))
        _name_refused(calls, documents)

    async def hold_or_count(
        self, calls: Sequence[HeldCall], *, has_room: bool = True
    ) -> AbstractSet[str]:
        """
        Update or insert each by itself.

        Of two that insert the same `once` at the same moment, one meets the index. Done again,
        that one finds the other and is counted. What meets an index even then has a `held_id`
        that is held under another `once`; if it is another index, it is not held.
        """
        if not has_room:
            return await self._count(calls)
        documents = [_encoded(call) for call in calls]
        changes = [_holding_or_counting(one) for one in documents if one is not None]
        met: Sequence[Mapping[str, Any]] = ()
        with self._database.work() as store:
            for _ in range(TRIES):
                if changes:
                    write = store.held.bulk_write(changes, ordered=False)
                    met = await _duplicates_met_by(write)
                    changes = [changes[error["index"]] for error in met]
        if {duplicated_field(error) for error in met} - NUMBERS:
            raise StorageUnavailable("others hold and release the same calls again and again")
        _name_refused(calls, documents)
        return {call.held_id for call in calls}

    async def _count(self, calls: Sequence[HeldCall]) -> AbstractSet[str]:
        """
        Find which of them wait, in an index alone, and count these.

        One that is released in between is counted no more, and is a lead then.
        """
        wanted = {
            "project_id": {"$in": list({call.project_id for call in calls})},
            "once": {"$in": [call.once for call in calls]},
        }
        with self._database.work() as store:
            found = store.held.find(wanted, {"_id": 0, "project_id": 1, "once": 1})
            waiting = {(one["project_id"], one["once"]) for one in await found.to_list(None)}
            counted = [call for call in calls if (call.project_id, call.once) in waiting]
            if counted:
                documents = [_to_document(call) for call in counted]
                changes = [UpdateOne(_with_its_once(one), _counting(one)) for one in documents]
                await store.held.bulk_write(changes, ordered=False)
        return {call.held_id for call in counted}

    async def move(self, project_id: str, held_ids: Sequence[str], code: str) -> None:
        """Replace the code of those that are there."""
        with self._database.work() as store:
            await store.held.update_many(_these(project_id, held_ids), {"$set": {"code": code}})

    async def remove(self, project_id: str, held_ids: Sequence[str]) -> None:
        """Delete those that are there."""
        with self._database.work() as store:
            await store.held.delete_many(_these(project_id, held_ids))

    async def prune(self, project_id: str, code: str, *, most: int, before: datetime) -> int:
        """
        First what is too old, then all that are older than the newest *most*.

        `at` is in the index, so that only documents that came before the moment are read for
        `last_at`, which one of an older program may lack.

        What other processes hold meanwhile is newer and stays; what they prune or release
        meanwhile is gone, which is no error.
        """
        of_code = {"project_id": project_id, "code": code}
        with self._database.work() as store:
            too_old = {"at": {"$lt": before}, "last_at": {"$not": {"$gte": before}}}
            old = await store.held.delete_many({**of_code, **too_old})
            cursor = store.held.find(of_code, {"_id": 0, "held_id": 1}).sort("held_id", -1)
            newest_too_many = await cursor.skip(most).limit(1).to_list(None)
            removed: int = old.deleted_count
            for one in newest_too_many:
                too_many = {**of_code, "held_id": {"$lte": one["held_id"]}}
                removed += (await store.held.delete_many(too_many)).deleted_count
        return removed


def _these(project_id: str, held_ids: Sequence[str]) -> dict[str, Any]:
    return {"project_id": project_id, "held_id": {"$in": list(held_ids)}}


async def _duplicates_met_by(write: Awaitable[object]) -> Sequence[Mapping[str, Any]]:
    """
    The errors of what the unique indexes refused.

    Raises:
        BulkWriteError: Something else went wrong; if the write concern failed, all may be
            rolled back.
    """
    try:
        await write
    except BulkWriteError as error:
        details: Mapping[str, Any] = error.details or {}
        errors: Sequence[Mapping[str, Any]] = details.get("writeErrors", ())
        if details.get("writeConcernErrors") or {e["code"] for e in errors} - {DUPLICATE_KEY}:
            raise
        return errors
    return ()


def _name_refused(calls: Sequence[HeldCall], documents: Sequence[object | None]) -> None:
    refused = [c.held_id for c, made in zip(calls, documents, strict=True) if made is None]
    if refused:
        raise CannotBeHeld(refused)


def _holding_or_counting(document: Mapping[str, Any]) -> UpdateOne:
    """
    Insert *document*, or count it where its `once` is held.

    The update changes nothing that it asks for: then the server itself does it again where it
    meets the index.
    """
    others = {name: v for name, v in document.items() if name not in (*_ONCE, *_COUNTED)}
    change = {**_counting(document), "$setOnInsert": others}
    return UpdateOne(_with_its_once(document), change, upsert=True)


def _with_its_once(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: document[name] for name in _ONCE}


def _counting(document: Mapping[str, Any]) -> dict[str, Any]:
    return {"$inc": {"times": document["times"]}, "$max": {"last_at": document["last_at"]}}


def _encoded(call: HeldCall) -> dict[str, Any] | None:
    """
    The document; None if anything of the call cannot be stored.

    Each is encoded alone before it joins the others: one that the driver cannot encode would fail
    the whole write.
    """
    try:
        document = _to_document(call)
        size = len(bson.encode(document))
    except (InvalidDocument, OverflowError, TypeError, ValueError):
        return None  # orjson's JSONEncodeError is a TypeError
    return document if size <= LARGEST_DOCUMENT_BYTES else None


def _to_document(call: HeldCall) -> dict[str, Any]:
    document = {
        "_id": f"{call.project_id}/{call.held_id}",
        "project_id": call.project_id,
        "held_id": call.held_id,
        "once": call.once,
        "code": call.code,
        "at": call.at,
        "channel": call.channel,
        "request_id": call.request_id,
        "body": call.body,
        "size": call.size,
        "times": call.times,
        "last_at": call.last_at or call.at,
    }
    if call.origin is not None:
        document["origin"] = call.origin
    if call.capture is not None:
        document["capture"] = orjson.dumps(capture_to_json(call.capture, call.body)).decode()
    if call.body_base64 is not None:
        document["body_base64"] = call.body_base64
    if call.says is not None:
        document["says"] = call.says
    return document
