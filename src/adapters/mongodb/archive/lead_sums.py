"""
Counts leads in chunks, and keeps what it has counted.

The server has no transaction for us here, and anybody may change a lead at any moment. So a chunk
is kept with the `touches` of its leads, added up from the same documents that were counted. Whoever
changes what is counted of a lead adds a random number to its touches, in the very same update. So
they only rise, and as long as their sum is the same, each document is as it was counted: nothing
that is kept can be wrong unseen, whoever is killed at whichever moment. What is kept may be lost or
late: then it is counted again. The number is random so that no other history comes to the same sum,
where a dump is restored whose sums are newer than its leads.

A chunk gets no new leads once all its numbers are given. A number may also be left out for good, by
a writer that was killed: such a chunk is never full. It is taken for closed once numbers far above
it are given, and is counted anew now and then all the same, since a writer that was frozen may come
with a lead that late.
"""

import contextlib
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pymongo import UpdateOne
from pymongo.errors import PyMongoError

from adapters.mongodb.connection.collections import Collections, aggregate
from adapters.mongodb.connection.database import MongoDatabase
from adapters.mongodb.connection.schema import refuse_leads_without_origin
from adapters.mongodb.leads.numbers import Monotonic
from adapters.store_tools.lead_sums import (
    CHUNK,
    Memory,
    Remembered,
    Row,
    from_json,
    numbers_of,
    ranges_of,
    summed,
    to_json,
)
from domain.leads.sums import Chunk

TIMEOUT_SECONDS = 10.0
"""A project of millions that was never counted takes some seconds, once."""
FAR_BELOW = 5 * CHUNK
"""So many numbers are never on their way to the store at once."""
COUNT_AGAIN_SECONDS = 3600.0
"""So long a chunk with gaps is believed to be closed."""
FOR_GOOD = float("inf")
AT_ONCE = 10 * CHUNK
FEWEST = AT_ONCE - CHUNK
"""Where fewer leads were counted, there are no more."""
_MILLISECONDS_OF_A_DAY = 86_400_000
_CHUNK = {"$floor": {"$divide": [{"$subtract": ["$lead_id", 1]}, CHUNK]}}
_TOUCHES = {"$sum": {"$ifNull": ["$touches", 0]}}
_IS_OWN = {"$cond": [{"$eq": [{"$type": "$joined_into"}, "missing"]}, 1, 0]}
_COUNTED = {
    "$group": {
        "_id": {
            "project": "$project_id",
            "chunk": _CHUNK,
            "day": {"$floor": {"$divide": [{"$toLong": "$captured_at"}, _MILLISECONDS_OF_A_DAY]}},
            "channel": "$channel",
            "source": "$source",
            "campaign": "$campaign",
        },
        "own": {"$sum": _IS_OWN},
        "all": {"$sum": 1},
        "touches": _TOUCHES,
    }
}


@dataclass(slots=True)
class _Version:
    """How often the leads of a chunk had been changed, and until when it takes no new ones."""

    touches: int
    good_until: float


@dataclass(slots=True)
class _Counting:
    """A chunk while its rows come in."""

    rows: list[Row]
    leads: int = 0
    touches: int = 0


_Counted = dict[str, dict[int, _Counting]]
_Chunks = Mapping[int, Chunk]
_Numbers = Mapping[str, Sequence[int]]
"""Numbers of chunks, ascending, by project."""


class MongoLeadSums:
    """The sums of projects; each is true when it is read."""

    def __init__(self, database: MongoDatabase, monotonic: Monotonic = time.monotonic) -> None:
        self._database = database
        self._monotonic = monotonic
        self._memory: Memory[_Version] = Memory()

    async def of(self, project_ids: Sequence[str]) -> Mapping[str, Sequence[Chunk]]:
        """
        All chunks of each of these projects, ascending.

        First how often leads were changed, then what is counted: a change that comes in between is
        in what is counted now, and is noticed by the next look in what is remembered.
        """
        if not project_ids:
            return {}
        known = {one: self._memory.of(one) for one in project_ids}
        new = [one for one in project_ids if not self._memory.knows(one)]
        with self._database.work(TIMEOUT_SECONDS) as store:
            if new:
                await refuse_leads_without_origin(store)
            known |= await self._load(store, new)
            touches = await _touches(store, project_ids)
            closed = {one: self._true(known[one], touches.get(one, {})) for one in project_ids}
            counted = await self._count(store, closed)
        return {one: self._all(one, closed[one], counted[one]) for one in project_ids}

    async def _load(
        self, store: Collections, project_ids: Sequence[str]
    ) -> Mapping[str, Remembered[_Version]]:
        """What is kept of projects of which nothing is remembered; from now on it is."""
        found: dict[str, dict[int, tuple[_Version, Chunk]]] = {one: {} for one in project_ids}
        if found:
            cursor = store.lead_sums.find({"project_id": {"$in": list(project_ids)}})
            for one in await cursor.to_list(None):
                chunk = from_json(one["chunk"], one["sums"])
                found[one["project_id"]][one["chunk"]] = (_Version(one["touches"], FOR_GOOD), chunk)
        for project_id, chunks in found.items():
            self._memory.remember(project_id, chunks)
        return found

    def _true(self, known: Remembered[_Version], touches: Mapping[int, int]) -> _Chunks:
        """The chunks that are known and true."""
        now = self._monotonic()
        return {
            number: chunk
            for number, (version, chunk) in known.items()
            if version.touches == touches.get(number, 0) and version.good_until > now
        }

    async def _count(self, store: Collections, closed: Mapping[str, _Chunks]) -> _Counted:
        """
        Count all that is not in these chunks, some ten thousand leads at a time.

        What is full is kept at once: if the time is over, the next look goes on from there.
        """
        found: _Counted = {one: {} for one in closed}
        while True:
            done = {one: sorted({*closed[one], *found[one]}) for one in closed}
            some = await _count_some(store, done)
            await self._keep(store, some)
            for project_id, chunks in some.items():
                found[project_id] |= chunks
            if sum(one.leads for chunks in some.values() for one in chunks.values()) < FEWEST:
                return found

    def _all(
        self, project_id: str, closed: _Chunks, counted: Mapping[int, _Counting]
    ) -> Sequence[Chunk]:
        """All chunks in their order; what was counted and will stay true is remembered."""
        chunks = dict(closed)
        chunks |= {number: summed(number, found.rows) for number, found in counted.items()}
        highest = numbers_of(max(chunks, default=0))[1]
        again_at = self._monotonic() + COUNT_AGAIN_SECONDS
        new: dict[int, tuple[_Version, Chunk]] = {}
        for number, found in counted.items():
            if _is_full(found):
                new[number] = _Version(found.touches, FOR_GOOD), chunks[number]
            elif numbers_of(number)[1] <= highest - FAR_BELOW:
                new[number] = _Version(found.touches, again_at), chunks[number]
        self._memory.remember(project_id, new)
        return [chunks[number] for number in sorted(chunks)]

    async def _keep(self, store: Collections, counted: _Counted) -> None:
        """
        Keep what is full, in place of what is kept; if it cannot be kept now, it is counted again.

        Another process may keep an older count at the same moment: then whoever loads that sees
        other touches, and counts again.
        """
        updates = [
            _keeping(project_id, number, found)
            for project_id, chunks in counted.items()
            for number, found in chunks.items()
            if _is_full(found)
        ]
        if updates:
            with contextlib.suppress(PyMongoError):
                await store.lead_sums.bulk_write(updates, ordered=False)


def _is_full(found: _Counting) -> bool:
    return found.leads == CHUNK


def _keeping(project_id: str, number: int, found: _Counting) -> UpdateOne:
    sums = to_json(summed(number, found.rows))
    kept = {"project_id": project_id, "chunk": number, "touches": found.touches, "sums": sums}
    return UpdateOne({"_id": f"{project_id}/{number}"}, {"$set": kept}, upsert=True)


async def _touches(
    store: Collections, project_ids: Sequence[str]
) -> Mapping[str, Mapping[int, int]]:
    """By project and chunk, how often leads were changed; from an index alone."""
    wanted = {"project_id": {"$in": list(project_ids)}, "touches": {"$exists": True}}
    group = {"_id": {"project": "$project_id", "chunk": _CHUNK}, "touches": _TOUCHES}
    pipeline = [{"$match": wanted}, {"$group": group}]
    found: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for row in await aggregate(store.leads, pipeline):
        found[row["_id"]["project"]][int(row["_id"]["chunk"])] = row["touches"]
    return found


async def _count_some(store: Collections, done: _Numbers) -> _Counted:
    """Count the first `AT_ONCE` leads that are not in these chunks; only whole chunks of them."""
    wanted = [one for project_id, chunks in done.items() for one in _open(project_id, chunks)]
    pipeline: list[dict[str, Any]] = [
        {"$match": {"$or": wanted}},
        {"$sort": {"project_id": 1, "lead_id": 1}},
        {"$limit": AT_ONCE},
        _COUNTED,
    ]
    rows = await aggregate(store.leads, pipeline)
    found: _Counted = {one: {} for one in done}
    for row in rows:
        key = row["_id"]
        chunk = found[key["project"]].setdefault(int(key["chunk"]), _Counting([]))
        chunk.leads += row["all"]
        chunk.touches += row["touches"]
        if row["own"]:
            origin = key.get("source"), key.get("campaign")
            chunk.rows.append((int(key["day"]), key["channel"], *origin, row["own"]))
    if sum(row["all"] for row in rows) == AT_ONCE:  # the last one may be cut
        last = max(one for one, chunks in found.items() if chunks)
        del found[last][max(found[last])]
    return found


def _open(project_id: str, closed: Sequence[int]) -> Iterable[dict[str, Any]]:
    """The numbers beside those of *closed*, which ascend."""
    low = 1
    for first, last in ranges_of(closed):
        if first > low:
            yield {"project_id": project_id, "lead_id": {"$gte": low, "$lt": first}}
        low = last + 1
    yield {"project_id": project_id, "lead_id": {"$gte": low}}
