"""What a process remembers of the free places of each month."""

import asyncio
import heapq
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pymongo
from pymongo.errors import PyMongoError

from adapters.mongodb.connection.collections import Collections
from adapters.mongodb.leads.free_places import Chunks, HoleSearch, highest_place
from adapters.mongodb.leads.numbers import (
    CONTENDED_FOR_SECONDS,
    MOST_PROJECTS,
    REMEMBERED_FOR_SECONDS,
    Monotonic,
    Numbers,
    Recent,
    reserve,
)
from adapters.mongodb.leads.sorting import Entry
from adapters.mongodb.leads.writing import Result

SETTINGS_SECONDS = 2.0
"""No process begins to write with a limit that it asked for longer ago."""
WRITE_SECONDS = 2.0
"""No write takes longer; then its captures were answered."""
UNSETTLED_SECONDS = SETTINGS_SECONDS + WRITE_SECONDS + 0.5
"""For so long after a change somebody may still write with an older limit."""
LARGEST_PLACE = 2**63 - 1


@dataclass(slots=True)
class Shelf:
    """
    What is known of one month of one project, for one limit.

    What another process takes above the limit, by an older and higher one, keeps holes closed.
    So within a limit what is known may be used later only if it was learned when nobody could
    write with an older limit any more; till then each round learns anew. Without a limit it
    may be wrong: that costs another try.

    Attributes:
        chunks: Which are full, whatever the limit; never forgotten while the shelf is used.
        spare: A heap of places that are probably free, below `next`.
        next: The place above the highest taken one; 0: to be looked up.
        is_full: Every place within the limit is taken, for good: places never become free
            again without somebody's hand.
        age: Counts how often what was known was forgotten.
        learned_at: What is known was learned then or later.
        settled_at: From then on nobody writes with an older limit.
        used_at: When the limit was last seen; a process that was frozen since may have missed
            that it was raised and lowered.
    """

    project_id: str
    month: str
    monotonic: Monotonic
    chunks: Chunks
    limit: int | None = None
    next: int = 0
    spare: list[int] = field(default_factory=list)
    is_full: bool = False
    age: int = 0
    learned_at: float = float("-inf")
    settled_at: float = float("-inf")
    used_at: float = float("-inf")
    contended_until: float = float("-inf")
    searching: asyncio.Lock = field(default_factory=asyncio.Lock)

    def begin_round(self, limit: int | None) -> None:
        """From now on places are wanted within *limit*; what may not be used in it is forgotten."""
        now = self.monotonic()
        if limit != self.limit:
            self.limit, self.is_full = limit, False
            self.settled_at = now + UNSETTLED_SECONDS
            self.forget()
        elif now - self.used_at >= SETTINGS_SECONDS:
            self.settled_at = now + UNSETTLED_SECONDS
        self.used_at = now
        too_old = now - self.learned_at >= REMEMBERED_FOR_SECONDS
        if limit is not None and (too_old or self.learned_at < self.settled_at):
            self.forget()

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
    """The shelves that were used lately."""

    def __init__(self, monotonic: Monotonic, chunk_places: int) -> None:
        self._shelves: Recent[tuple[str, str], Shelf] = Recent(
            lambda key: Shelf(*key, monotonic, Chunks(chunk_places)), MOST_PROJECTS
        )

    def shelf(self, project_id: str, month: str, limit: int | None) -> Shelf:
        """What may be used of it in a round that begins now."""
        shelf = self._shelves[project_id, month]
        shelf.begin_round(limit)
        return shelf


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


AT_ONCE = 16
"""Projects of one batch that ask the store at the same time."""


@dataclass(slots=True)
class Allotment:
    """Who got a number, and a place if the lead counts; what is not used is given back."""

    project_id: str
    numbers: Numbers
    shelf: Shelf
    entries: list[Entry] = field(default_factory=list)
    age: int = 0
    is_undecided: bool = False

    async def fill(self, store: Collections, newcomers: Sequence[Entry]) -> None:
        """Give each of *newcomers*, in their order, what it needs, for as long as there is some."""
        counting = sum(entry.capture.counts for entry in newcomers)
        taken = await take(store, self.shelf, counting) if counting else Taken([])
        places, self.is_undecided, self.age = iter(taken.places), taken.is_undecided, self.shelf.age
        for entry in newcomers:
            place = next(places, None) if entry.capture.counts else None
            entry.document.pop("place", None)
            if place is not None:
                entry.document["place"] = place
            if place is not None or not entry.capture.counts:
                self.entries.append(entry)
        numbers = await self.numbers.take(store, self.project_id, len(self.entries))
        for entry, number in zip(self.entries, numbers, strict=True):
            entry.document["lead_id"] = number

    def is_full_for(self, entry: Entry) -> bool:
        """Whether *entry* counts, got no place, and will get none."""
        return entry.capture.counts and self.shelf.is_full and entry not in self.entries

    def is_undecided_for(self, entry: Entry) -> bool:
        """Whether *entry* counts, and got no place although there may be one."""
        return entry.capture.counts and self.is_undecided and entry not in self.entries

    def note(self, entry: Entry, result: Result) -> None:
        """Learn from what became of the entry's document."""
        if result is Result.WRITTEN:
            self.numbers.confirm(self.project_id)
        elif result is Result.UNKNOWN:
            self.forget()
        elif result in (Result.NUMBER_TAKEN, Result.PLACE_TAKEN):
            # Whoever was faster took both: to learn them one after the other costs a write.
            self.numbers.conflict(self.project_id)
            self.shelf.conflict()
        else:
            self.numbers.give_back(self.project_id, entry.document["lead_id"])
            if "place" in entry.document:
                self.shelf.give_back(entry.document["place"], self.age)

    def forget(self) -> None:
        """It is not known what was written."""
        self.numbers.forget(self.project_id)
        self.shelf.forget()


Allotments = dict[str, Allotment]


async def fill_all(store: Collections, wanted: Sequence[tuple[Allotment, Sequence[Entry]]]) -> None:
    """
    Fill each with its newcomers, some at a time: most ask the store nothing, others several things.

    Raises:
        PyMongoError: Of any of them; then nothing is known that was to be taken.
    """
    left = iter(wanted)

    async def fill_in_turn() -> None:
        for allotment, newcomers in left:
            await allotment.fill(store, newcomers)

    try:
        if len(wanted) == 1:  # the usual case needs no task
            await fill_in_turn()
        else:
            await _all_of([fill_in_turn() for _ in range(min(len(wanted), AT_ONCE))])
    except BaseException:
        for allotment, _ in wanted:
            allotment.forget()
        raise


async def _all_of(work: Sequence[Coroutine[Any, Any, None]]) -> None:
    """Whatever becomes of one, the others are waited for: they use the same memories."""
    for result in await asyncio.gather(*work, return_exceptions=True):
        if isinstance(result, BaseException):
            raise result
