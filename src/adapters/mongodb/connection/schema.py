"""
The collections and their indexes, and how a database becomes a store of this version.

The unique indexes are the only locks on numbers, places, names of persons, messages and keys.
Those of leads, messages, links and held calls begin with `project_id`, so that all can be
sharded by it.
A field under a unique index is unset when it is absent, never empty: two leads without a place
would else have the same one.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pymongo
from pymongo import IndexModel

from adapters.mongodb.archive.origins import note_origins
from adapters.mongodb.connection.collections import Collections
from domain.errors import Advice, AdviceCode, StoreUnusable

SCHEMA_VERSION = 8
WITH_PAGE_KEYS = 3
WITH_ITEMS = 4
WITH_SIZES = 5
WITH_ORIGINS = 8
_SCHEMA = {"_id": "schema"}
_THIS_VERSION = {"$max": {"version": SCHEMA_VERSION}}


def _unique(*fields: str, where_set: str | None = None) -> IndexModel:
    keys = [(field, pymongo.ASCENDING) for field in fields]
    return IndexModel(keys, unique=True, **_only(where_set))


def _plain(*fields: str, where_set: str | None = None) -> IndexModel:
    return IndexModel([(field, pymongo.ASCENDING) for field in fields], **_only(where_set))


def _only(where_set: str | None) -> dict[str, Any]:
    return {"partialFilterExpression": {where_set: {"$exists": True}}} if where_set else {}


INDEXES: Mapping[str, Sequence[IndexModel]] = {
    "projects": (_unique("name"),),
    "keys": (
        _unique("digest"),
        _unique("door", where_set="door"),
        _plain("project_id", "created_at"),
    ),
    "channel_settings": (_plain("channel", "settings.name", "settings.chosen"),),
    "leads": (
        _unique("project_id", "lead_id"),
        _unique("project_id", "month", "place", where_set="place"),
        _unique("project_id", "idempotency_key", where_set="idempotency_key"),
        _unique("project_id", "names", where_set="names"),
        _plain("project_id", "joined_into", where_set="joined_into"),
        _plain("project_id", "lead_id", "touches", where_set="touches"),
    ),
    "lead_sums": (_plain("project_id"),),
    "messages": (
        _unique("project_id", "channel", "message_id"),
        _plain("project_id", "lead_id", "sent_at"),
    ),
    "held": (
        _unique("project_id", "held_id"),
        _unique("project_id", "once"),
        _plain("project_id", "code", "held_id"),
        # With what is counted, so that no held call is read for it.
        _plain("project_id", "code", "at", "channel", "origin"),
        # In the order of pages of one channel; and with what their room is counted by.
        _plain("project_id", "code", "channel", "held_id", "size"),
        _plain("code", "project_id"),
        _plain("project_id", "says", "held_id", where_set="says"),
    ),
    "links": (
        _unique("project_id", "link"),
        _plain("project_id", "names"),
    ),
    "users": (
        _unique("email"),
        _unique("link.digest", where_set="link.digest"),
    ),
    "sessions": (_plain("user_id"), _plain("last_used_at")),
    "sign_in_tries": (_plain("last_at"),),
}


async def prepare(store: Collections, *, create: bool) -> None:
    """
    Make what is missing, and prove that the server takes a durable write.

    Several processes may start at the same moment, beside others that serve already. To make an
    index that is there, or is being made, changes nothing; a new one is built while others write.
    The version comes last and only ever rises: a process that is killed before it leaves the
    older version, and the next one does the same again.

    Raises:
        StoreUnusable: There is no store and *create* is not wanted, or it is a newer
            version's.
    """
    about = await store.about.find_one(_SCHEMA)
    version = about["version"] if about else 0
    if version > SCHEMA_VERSION:
        raise StoreUnusable(
            "The MongoDB database was written by a newer version of this program"
            f" (schema {version}, this program knows {SCHEMA_VERSION}).",
            Advice(AdviceCode.RUN_NEWER_PROGRAM),
        )
    if not create:
        if version == 0:
            raise StoreUnusable(
                "There is no store in the MongoDB database.", Advice(AdviceCode.MAKE_STORE)
            )
        return
    for name in INDEXES:
        await make_indexes(store, name)
    if 0 < version < WITH_ITEMS:
        await _note_items(store)
    if 0 < version < WITH_SIZES:
        await _measure_held(store)
    if 0 < version < WITH_ORIGINS:
        await note_origins(store)
    # A real change, so that a server that cannot do what is promised says so now.
    change = {**_THIS_VERSION, "$set": {"opened_at": datetime.now(UTC)}}
    await store.about.update_one(_SCHEMA, change, upsert=True)


async def refuse_leads_without_origin(store: Collections) -> None:
    """
    Refuse to count the leads of a store that no service of a version with origins has opened.

    Raises:
        StoreUnusable: They would all seem to have come from nowhere.
    """
    about = await store.about.find_one(_SCHEMA)
    if about is None or about["version"] < WITH_ORIGINS:
        raise StoreUnusable(
            "The store is of an earlier version, which did not note where leads came from.",
            Advice(AdviceCode.START_SERVICE),
        )


async def make_indexes(store: Collections, name: str) -> None:
    """Make those of one collection; a command may need them before a server has made them."""
    await getattr(store, name).create_indexes(list(INDEXES[name]))


async def _note_items(store: Collections) -> None:
    """
    Assume of every channel that had a delivery that the last one brought something.

    Earlier versions noted when a delivery came, and not whether it brought anything. If this is
    cut short, the version is not written and it is done again; what is noted already stays.
    """
    unknown = {"last_delivery_at": {"$exists": True}, "last_item_at": {"$exists": False}}
    async for channel in store.channel_events.find(unknown):
        noted = {"$max": {"last_item_at": channel["last_delivery_at"]}}
        await store.channel_events.update_one({"_id": channel["_id"]}, noted)


async def _measure_held(store: Collections) -> None:
    """
    Give what is held the size by which the room of its project is counted.

    With the ids in its capture, which are left out of what is held from now on (`HeldCall.size`).
    Earlier versions held without one, and each call once, when it came. If this is cut short, the
    version is not written and the next one goes on with what has no size yet.
    """
    texts = ("$body", {"$ifNull": ["$capture", ""]})
    size = {"$add": [{"$strLenBytes": text} for text in texts]}
    missing = {"size": size, "times": 1, "last_at": "$at"}
    await store.held.update_many({"size": {"$exists": False}}, [{"$set": missing}])


async def refuse_programs_without_page_keys(store: Collections) -> None:
    """Make it a store of the version that has them, which an older program refuses to open."""
    await store.about.update_one(_SCHEMA, {"$max": {"version": WITH_PAGE_KEYS}})
