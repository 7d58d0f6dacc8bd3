"""Reads held calls, a page at a time."""

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

import orjson

from adapters.mongodb.archive.lead_archive import READ_TIMEOUT_SECONDS
from adapters.mongodb.connection.collections import aggregate
from adapters.mongodb.connection.database import MongoDatabase
from adapters.store_tools.capture_json import capture_from_json, identities_from_json
from application.ports.held_archive import HeldArchive
from domain.held import HeldCall, HeldQuery, HeldRoom
from domain.identity import Identity


class MongoHeldArchive(HeldArchive):
    """
    Reads from the primary what the majority has: all that was acknowledged.

    What is counted is read from an index alone: a held call may have megabytes.
    """

    def __init__(self, database: MongoDatabase) -> None:
        self._database = database

    async def page(self, query: HeldQuery, *, after: str | None, limit: int) -> Sequence[HeldCall]:
        """The next held calls of the query."""
        wanted: dict[str, Any] = {"project_id": query.project_id}
        if query.code is not None:
            wanted["code"] = query.code
        if query.origin is not None:
            wanted["origin"] = query.origin or None  # also where the field is missing
        if query.says is not None:
            wanted["says"] = {"$in": list(query.says)}
        if query.since is not None:
            # One of an older program may lack `last_at`.
            wanted["$or"] = [{name: {"$gte": query.since}} for name in ("at", "last_at")]
        channel = {"$eq": query.channel, "$ne": query.but_channel}
        if channel := {how: name for how, name in channel.items() if name is not None}:
            wanted["channel"] = channel
        held_id: dict[str, Any] = {}
        if after is not None:
            held_id["$lt" if query.newest_first else "$gt"] = after
        if query.held_ids is not None:
            held_id["$in"] = list(query.held_ids)
        if held_id:
            wanted["held_id"] = held_id
        order = -1 if query.newest_first else 1
        with self._database.work(READ_TIMEOUT_SECONDS) as store:
            cursor = store.held.find(wanted).sort("held_id", order).limit(limit)
            return [_from_document(document) for document in await cursor.to_list(None)]

    async def room(self, project_id: str, code: str) -> HeldRoom:
        """Added up by the server."""
        wanted = {"project_id": project_id, "code": code}
        added_up = {"_id": None, "calls": {"$sum": 1}, "size": {"$sum": "$size"}}
        with self._database.work() as store:
            rows = await aggregate(store.held, [{"$match": wanted}, {"$group": added_up}])
        for found in rows:
            return HeldRoom(found["calls"], found["size"])
        return HeldRoom(0, 0)

    async def origins(self, project_id: str, channel: str, code: str) -> Mapping[str, int]:
        """How many, by origin; counted here, since drivers differ in how they aggregate."""
        wanted = {"project_id": project_id, "code": code, "channel": channel}
        with self._database.work(READ_TIMEOUT_SECONDS) as store:
            cursor = store.held.find(
                {**wanted, "origin": {"$type": "string"}}, {"_id": 0, "origin": 1}
            )
            return Counter(document["origin"] for document in await cursor.to_list(None))

    async def persons(self, project_id: str, channel: str, code: str) -> AbstractSet[Identity]:
        """All identities in captures; read here, since to the server a capture is a text."""
        wanted = {"project_id": project_id, "code": code, "channel": channel}
        with self._database.work(READ_TIMEOUT_SECONDS) as store:
            cursor = store.held.find(
                {**wanted, "capture": {"$type": "string"}}, {"_id": 0, "capture": 1}
            )
            captures = [orjson.loads(one["capture"]) for one in await cursor.to_list(None)]
        return {one for found in captures for one in identities_from_json(found["identities"])}

    async def projects(self, code: str) -> Sequence[str]:
        """The server seeks in the index from project to project."""
        with self._database.work() as store:
            return sorted(await store.held.distinct("project_id", {"code": code}))


def _from_document(document: dict[str, Any]) -> HeldCall:
    capture, body = document.get("capture"), document["body"]
    times = document.get("times", 1)  # not in those of older versions
    return HeldCall(
        held_id=document["held_id"],
        project_id=document["project_id"],
        channel=document["channel"],
        code=document["code"],
        at=document["at"],
        request_id=document["request_id"],
        origin=document.get("origin"),
        body=body,
        once=document["once"],
        capture=capture_from_json(orjson.loads(capture), body) if capture else None,
        times=times,
        last_at=document["last_at"] if times > 1 else None,
        body_base64=document.get("body_base64"),
        says=document.get("says"),
    )
