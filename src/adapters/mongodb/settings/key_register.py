"""API keys, by digest."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bson import ObjectId
from pymongo import UpdateOne
from pymongo.errors import DuplicateKeyError

from adapters.mongodb.connection.database import MongoDatabase
from adapters.mongodb.connection.schema import refuse_programs_without_page_keys
from application.ports.key_register import KeyRegister
from domain.api_key import ApiKey
from domain.errors import Advice, AdviceCode, NotFound

_UNIQUE = ("digest", "door")


class MongoKeyRegister(KeyRegister):
    """A channel's key holds the door of its project and channel until it is revoked."""

    def __init__(self, database: MongoDatabase) -> None:
        self._database = database

    async def add(self, key: ApiKey) -> ApiKey:
        """Keep a new key, or find the same one, or the one that the channel has."""
        document = _to_document(key)
        with self._database.work() as store:
            if key.for_page:  # an older program would take it for a server's
                await refuse_programs_without_page_keys(store)
            while True:
                try:
                    await store.keys.insert_one(document)
                except DuplicateKeyError:
                    same = [{name: document[name]} for name in _UNIQUE if name in document]
                    holder = await store.keys.find_one({"$or": same})
                    # Else it was revoked in this very moment, or is not on most servers yet.
                    if holder is not None:
                        return _from_document(holder)
                else:
                    return key

    async def find_many(self, digests: Sequence[bytes]) -> Sequence[ApiKey | None]:
        """The key with each of these digests."""
        with self._database.work() as store:
            documents = await store.keys.find({"digest": {"$in": digests}}).to_list(None)
        found = {key.digest: key for key in map(_from_document, documents)}
        return [found.get(digest) for digest in digests]

    async def of_project(self, project_id: str) -> Sequence[ApiKey]:
        """Every key of a project."""
        with self._database.work() as store:
            cursor = store.keys.find({"project_id": project_id})
            documents = await cursor.sort([("created_at", 1), ("order", 1)]).to_list(None)
        return [_from_document(document) for document in documents]

    async def revoke(self, key_id: str, at: datetime) -> ApiKey:
        """Close a key for good."""
        with self._database.work() as store:
            closing = {"$set": {"revoked_at": at}, "$unset": {"door": True}}
            await store.keys.update_one({"_id": key_id, "revoked_at": None}, closing)
            document = await store.keys.find_one({"_id": key_id})
        if document is None:
            raise NotFound(f"There is no key {key_id!r}.", Advice(AdviceCode.LIST_KEYS))
        return _from_document(document)

    async def mark_used(self, last_used: Mapping[str, datetime]) -> None:
        """The later moment of the two stays."""
        if not last_used:
            return
        updates = [
            UpdateOne({"_id": key_id}, {"$max": {"last_used_at": moment}})
            for key_id, moment in last_used.items()
        ]
        with self._database.work() as store:
            await store.keys.bulk_write(updates, ordered=False)


def _to_document(key: ApiKey) -> dict[str, Any]:
    document = {
        "_id": key.key_id,
        "order": ObjectId(),
        "project_id": key.project_id,
        "digest": key.digest,
        "hint": key.hint,
        "label": key.label,
        "created_at": key.created_at,
        "last_used_at": key.last_used_at,
        "revoked_at": key.revoked_at,
        "channel": key.channel,
        "readable": key.readable,
        "for_page": key.for_page,
    }
    if key.channel is not None and key.revoked_at is None:
        document["door"] = f"{key.project_id}/{key.channel}"
    return document


def _from_document(document: dict[str, Any]) -> ApiKey:
    return ApiKey(
        key_id=document["_id"],
        project_id=document["project_id"],
        digest=bytes(document["digest"]),
        hint=document["hint"],
        label=document["label"],
        created_at=document["created_at"],
        last_used_at=document["last_used_at"],
        revoked_at=document["revoked_at"],
        channel=document["channel"],
        readable=document["readable"],
        for_page=document.get("for_page", False),
    )
