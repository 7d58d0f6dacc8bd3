"""
The collections and their indexes, and how a database becomes a store of this version.

The unique indexes are the only locks on numbers, places, names of persons, messages and keys.
Those of leads and messages begin with `project_id`, so that both can be sharded by it.
A field under a unique index is unset when it is absent, never empty.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import pymongo
from pymongo import IndexModel

from adapters.mongodb.collections import Collections
from application.ports.errors import StoreUnusable

SCHEMA_VERSION = 1
_SCHEMA = {"_id": "schema"}


def _unique(*fields: str, where_set: str | None = None) -> IndexModel:
    only = {"partialFilterExpression": {where_set: {"$exists": True}}} if where_set else {}
    return IndexModel([(field, pymongo.ASCENDING) for field in fields], unique=True, **only)


def _plain(*fields: str) -> IndexModel:
    return IndexModel([(field, pymongo.ASCENDING) for field in fields])


INDEXES: Mapping[str, Sequence[IndexModel]] = {
    "projects": (_unique("name"),),
    "keys": (
        _unique("digest"),
        _unique("door", where_set="door"),
        _plain("project_id", "created_at"),
    ),
    "leads": (
        _unique("project_id", "lead_id"),
        _unique("project_id", "month", "place", where_set="place"),
        _unique("project_id", "idempotency_key", where_set="idempotency_key"),
        _unique("project_id", "names", where_set="names"),
    ),
    "messages": (
        _unique("project_id", "channel", "message_id"),
        _plain("project_id", "lead_id", "sent_at"),
    ),
}


async def prepare(store: Collections, *, create: bool) -> None:
    """
    Make what is missing, and prove that the server takes a durable write.

    Indexes that are there are left alone, and new ones are built beside running services.

    Raises:
        StoreUnusable: There is no store and *create* is not wanted, or it is a newer
            version's.
    """
    about = await store.about.find_one(_SCHEMA)
    version = about["version"] if about else 0
    if version > SCHEMA_VERSION:
        raise StoreUnusable(
            "The MongoDB database was written by a newer version of this program"
            f" (schema {version}, this program knows {SCHEMA_VERSION}). Run that version."
        )
    if not create:
        if version == 0:
            raise StoreUnusable(
                "There is no store in the MongoDB database."
                " `swiftcrm serve` or `swiftcrm project create` makes one."
            )
        return
    for name, indexes in INDEXES.items():
        await getattr(store, name).create_indexes(list(indexes))
    # A real change, so that a server that cannot do what is promised says so now.
    change = {"$max": {"version": SCHEMA_VERSION}, "$set": {"opened_at": datetime.now(UTC)}}
    await store.about.update_one(_SCHEMA, change, upsert=True)
