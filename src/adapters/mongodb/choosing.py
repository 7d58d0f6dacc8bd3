"""Chooses places optimistically: the unique index decides whether they were free."""

import heapq
from collections.abc import Iterable

import pymongo

from adapters.mongodb.collections import Collections
from adapters.mongodb.hints import reserve
from adapters.mongodb.holes import count_places, lowest_holes
from adapters.mongodb.places import LARGEST_PLACE, Shelf

SPARE_PLACES = 500


async def take(store: Collections, shelf: Shelf, count: int) -> list[int]:
    """
    At most *count* places that are probably free: spare ones, those above, then holes.

    Fewer may come while others are at it; the month is full only where the shelf says so.
    """
    places: list[int] = []
    if shelf.is_full:
        return places
    while shelf.spare and len(places) < count:
        places.append(heapq.heappop(shelf.spare))
    places += await _above(store, shelf, count - len(places))
    if len(places) < count and shelf.limit is not None:
        places += await _holes(store, shelf, shelf.limit, count - len(places))
    return places


async def _above(store: Collections, shelf: Shelf, count: int) -> Iterable[int]:
    if not shelf.next and count:
        highest = await _highest(store, shelf)
        shelf.next = max(shelf.next, highest + 1)
    limit = LARGEST_PLACE if shelf.limit is None else shelf.limit
    count = min(count, limit + 1 - shelf.next)
    if count <= 0:
        return ()
    if shelf.monotonic() >= shelf.contended_until:
        first = shelf.next
        shelf.next += count
        return range(first, first + count)
    name = f"{shelf.project_id}/{shelf.month}"
    first = await reserve(store.hints, name, shelf.next, count)
    shelf.next = max(shelf.next, first + count)
    return range(first, min(first + count, limit + 1))


async def _holes(store: Collections, shelf: Shelf, limit: int, count: int) -> list[int]:
    """One search at a time; what it finds beyond *count* stays for whoever waited for it."""
    async with shelf.search:
        if not shelf.spare and not shelf.is_full:
            await _find_holes(store, shelf, limit, max(count, SPARE_PLACES))
        return [heapq.heappop(shelf.spare) for _ in range(min(count, len(shelf.spare)))]


async def _find_holes(store: Collections, shelf: Shelf, limit: int, wanted: int) -> None:
    """
    First the holes, then the count: the other way round two processes exceed a lowered limit.

    What is taken above it keeps as many of the highest holes closed. Of holes that were free
    before the count, the lowest `limit - count` are open, whoever fills some of them later.
    """
    month = (shelf.project_id, shelf.month)
    age = shelf.age
    holes = await lowest_holes(store.latest_leads, *month, limit, wanted)
    usable = limit - await count_places(store.latest_leads, *month, 1, LARGEST_PLACE)
    if usable <= 0:  # what may yet be rolled back refuses nobody
        taken = await count_places(store.leads, *month, 1, LARGEST_PLACE)
        shelf.is_full = taken >= limit and shelf.limit == limit
    elif shelf.age == age:
        shelf.spare = holes[:usable]  # ascending, and so a heap


async def _highest(store: Collections, shelf: Shelf) -> int:
    lead = await store.latest_leads.find_one(
        {"project_id": shelf.project_id, "month": shelf.month, "place": {"$gte": 1}},
        {"_id": 0, "place": 1},
        sort=[("place", pymongo.DESCENDING)],
    )
    return int(lead["place"]) if lead else 0
