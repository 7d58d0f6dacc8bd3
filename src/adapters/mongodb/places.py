"""The free places of each month, as far as this process knows."""

import asyncio
import heapq
from collections.abc import Iterable
from dataclasses import dataclass, field

import pymongo

from adapters.mongodb.collections import Collections
from adapters.mongodb.hints import reserve
from adapters.mongodb.holes import count_places, lowest_holes
from adapters.mongodb.numbers import CONTENDED_FOR_SECONDS, MOST_PROJECTS, Monotonic
from adapters.mongodb.recent import Recent

REMEMBERED_FOR_SECONDS = 2.0
"""
After this the top is looked up again.

A process that was frozen, while a limit was raised and lowered, must not go on below places
that were taken above the limit: those keep holes closed.
"""
SPARE_PLACES = 500
LARGEST_PLACE = 2**63 - 1


@dataclass(slots=True)
class Shelf:
    """
    What is known of one month of one project, for one limit.

    Attributes:
        spare: A heap of places that are probably free, below `next`.
        next: The place above the highest taken one; 0: to be looked up.
        is_full: Every place within the limit is taken, for good: places never become free
            again without somebody's hand.
        age: Counts how often what was known was forgotten.
    """

    project_id: str
    month: str
    monotonic: Monotonic
    limit: int | None = None
    next: int = 0
    spare: list[int] = field(default_factory=list)
    is_full: bool = False
    age: int = 0
    learned_at: float = float("-inf")
    contended_until: float = float("-inf")
    search: asyncio.Lock = field(default_factory=asyncio.Lock)

    def forget(self) -> None:
        """Nothing is known about free places any more."""
        self.next = 0
        self.spare.clear()
        self.age += 1
        self.learned_at = self.monotonic()

    def conflict(self) -> None:
        """Another process was faster."""
        self.forget()
        self.contended_until = self.monotonic() + CONTENDED_FOR_SECONDS

    def give_back(self, place: int, age: int) -> None:
        """*place*, taken when the shelf had this *age*, was not used."""
        if age != self.age:
            return
        if self.next == place + 1:
            self.next = place
        else:
            heapq.heappush(self.spare, place)


class Places:
    """Chooses places optimistically: the unique index decides whether they were free."""

    def __init__(self, monotonic: Monotonic) -> None:
        self._monotonic = monotonic
        self._shelves: Recent[tuple[str, str], Shelf] = Recent(
            lambda key: Shelf(*key, monotonic), MOST_PROJECTS
        )

    def shelf(self, project_id: str, month: str, limit: int | None) -> Shelf:
        """What is known, less what is too old or was for another limit."""
        shelf = self._shelves[project_id, month]
        if shelf.limit != limit:
            shelf.limit, shelf.is_full = limit, False
            shelf.forget()
        elif self._monotonic() - shelf.learned_at >= REMEMBERED_FOR_SECONDS:
            shelf.forget()
        return shelf


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
