"""Chooses places optimistically: the unique index decides whether they were free."""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass

import pymongo
from pymongo.errors import PyMongoError

from adapters.mongodb.connection.collections import Collections
from adapters.mongodb.leads.hints import reserve
from adapters.mongodb.leads.hole_search import HoleSearch
from adapters.mongodb.leads.holes import highest_place
from adapters.mongodb.leads.places import LARGEST_PLACE, Shelf

SPARE_PLACES = 500
SEARCH_SECONDS = 1.0
"""Where the server counts so slowly, the rest of the batch is not to be late for it."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Places that are probably free; *is_undecided* if it is not known yet whether more are."""

    places: list[int]
    is_undecided: bool = False


async def take(store: Collections, shelf: Shelf, count: int) -> Taken:
    """
    At most *count* places: spare ones, those above, then holes.

    Fewer may come while others are at it; the month is full only where the shelf says so.
    """
    places: list[int] = []
    if shelf.is_full:
        return Taken(places)
    while shelf.spare and len(places) < count:
        places.append(heapq.heappop(shelf.spare))
    places += await _above(store, shelf, count - len(places))
    if len(places) == count or shelf.limit is None:
        return Taken(places)
    holes = await _holes(store, shelf, shelf.limit, count - len(places))
    return Taken(places + holes.places, holes.is_undecided)


async def _above(store: Collections, shelf: Shelf, count: int) -> Iterable[int]:
    if not shelf.next and count:
        highest = await highest_place(store.latest_leads, shelf.project_id, shelf.month)
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


async def _holes(store: Collections, shelf: Shelf, limit: int, count: int) -> Taken:
    """One search at a time; what it finds beyond *count* stays for whoever waited for it."""
    is_decided = True
    async with shelf.searching:
        if not shelf.spare and not shelf.is_full:
            is_decided = await _search(store, shelf, limit, max(count, SPARE_PLACES))
        places = [heapq.heappop(shelf.spare) for _ in range(min(count, len(shelf.spare)))]
    return Taken(places, not is_decided)


async def _search(store: Collections, shelf: Shelf, limit: int, wanted: int) -> bool:
    """Put holes on the shelf, or find it full; False if that takes further searches."""
    age = shelf.age
    search = HoleSearch(store, shelf.project_id, shelf.month, shelf.chunks)
    try:
        with pymongo.timeout(SEARCH_SECONDS):
            holes = await search.open_holes(limit, wanted)
            is_full = not holes and search.is_finished and await search.is_full(limit)
    except PyMongoError as error:
        if error.timeout:
            return False
        raise
    if is_full:
        shelf.is_full = shelf.limit == limit
    elif shelf.age == age:
        shelf.spare = holes  # ascending, and so a heap
    return search.is_finished
