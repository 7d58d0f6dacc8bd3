"""
Which places of a month a process gives to its new leads.

First what is remembered of one month (`Shelf`), then how places are got from it, with a search
when it is empty (`take`), and last how the newcomers of a round get their numbers and places and
give back what they did not use (`Allotment`). A place is free until a lead that has it is written.
So a process that is killed leaves nothing to clean up: at most a free place below taken ones,
which is found before anybody is refused (`free_places`).
"""

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
"""
No process begins to write with a limit that is older. The same as
`settings_cache.EXPIRES_AFTER_SECONDS`: a test compares them, since the monthly limit relies on it.
"""
WRITE_SECONDS = 2.0
"""
No write takes longer: by then its captures were answered. The same as
`WriterLimits.deadline_seconds`, which a test compares, too.
"""
UNSETTLED_SECONDS = SETTINGS_SECONDS + WRITE_SECONDS + 0.5
"""For so long after a change another process may still write with the older limit."""
LARGEST_PLACE = 2**63 - 1


@dataclass(slots=True)
class Shelf:
    """
    What this process knows of one month of one project, for one limit.

    A wrong guess is harmless as long as the index refuses it: the place is taken, another one is
    tried. But no index knows the limit. When an operator lowers it, say from 100 to 60, places
    above 60 stay taken, and as many of the highest free places below must stay free: the month
    may have no more than 60 leads. Another process may go on taking places above 60 for a few
    seconds, until its settings are too old, and each one closes a free place that this process may
    have in memory. No index would refuse that place. So after a change, and when this process has
    just begun, every round learns anew until no process can write with an older limit; only what
    was learned after that is used again in later rounds. Without a limit nothing is closed, and a
    memory may be of any age.

    Attributes:
        chunks: Which chunks are full, whatever the limit; kept as long as the shelf is used.
        spare: A heap of places below `next` that are probably free.
        next: The place above the highest taken one; 0 if it must be looked up.
        top: The highest place that this process has given to a write. Another batch may be writing
            it just now: the store does not know it yet, and it is not to be taken twice.
        is_full: Every place within the limit is taken, for good: places do not become free again
            unless somebody changes the store by hand.
        age: How often this process has forgotten what it knew.
        learned_at: Everything that is known was learned then or later.
        settled_at: From then on no process writes with an older limit.
        used_at: When the limit was last seen. A process that was frozen longer than settings live
            may have missed that the limit was raised and lowered again.
        searching: Held during a search for free places: one at a time.
    """

    project_id: str
    month: str
    monotonic: Monotonic
    chunks: Chunks
    limit: int | None = None
    next: int = 0
    top: int = 0
    spare: list[int] = field(default_factory=list)
    is_full: bool = False
    age: int = 0
    learned_at: float = float("-inf")
    settled_at: float = float("-inf")
    used_at: float = float("-inf")
    contended_until: float = float("-inf")
    searching: asyncio.Lock = field(default_factory=asyncio.Lock)

    def begin_round(self, limit: int | None) -> None:
        """Begin a round within *limit*: forget what was learned for another, or too long ago."""
        now = self.monotonic()
        if limit != self.limit:
            self.limit, self.is_full = limit, False
            self.settled_at = now + UNSETTLED_SECONDS
            self._learn_anew()
        elif now - self.used_at >= SETTINGS_SECONDS:
            self.settled_at = now + UNSETTLED_SECONDS
        self.used_at = now
        too_old = now - self.learned_at >= REMEMBERED_FOR_SECONDS
        if limit is not None and (too_old or self.learned_at < self.settled_at):
            self._learn_anew()

    @property
    def is_known(self) -> bool:
        """Whether places can be taken from memory, without a question; probably enough of them."""
        if self.is_full or self.spare:
            return True
        is_above = self.next > 0 and (self.limit is None or self.next <= self.limit)
        return is_above and self.monotonic() >= self.contended_until

    def forget(self) -> None:
        """Forget what is known of free places, and which were given to writes that failed."""
        self.top = 0
        self._learn_anew()

    def _learn_anew(self) -> None:
        self.next = 0
        self.spare.clear()
        self.age += 1
        self.learned_at = self.monotonic()

    def conflict(self) -> None:
        """Another process took a place first: look up the next one, and reserve for a while."""
        self._learn_anew()
        self.contended_until = self.monotonic() + CONTENDED_FOR_SECONDS

    def give_back(self, place: int, age: int) -> None:
        """
        Give back *place*, which was not used, and was taken when the shelf had this *age*.

        If what was known then has been forgotten meanwhile, the place is not remembered either.
        """
        if self.top == place:
            self.top -= 1
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
        """The shelf of this month, with what may be used of it in a round that begins now."""
        shelf = self._shelves[project_id, month]
        shelf.begin_round(limit)
        return shelf


SPARE_PLACES = 500
SEARCH_SECONDS = 1.0
"""After so long a search ends undecided, so that the rest of the batch is not late."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Places that are probably free; *is_undecided* if there may be more that were not found."""

    places: list[int]
    is_undecided: bool = False


async def take(store: Collections, shelf: Shelf, count: int) -> Taken:
    """
    At most *count* places: first spare ones, then those above the highest, then a search below.

    Fewer may come while other processes are at the same month; it is full only where the shelf
    says so.
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
        # The larger: another batch of this process may have gone on during the question.
        shelf.next = max(shelf.next, highest + 1, shelf.top + 1)
    limit = LARGEST_PLACE if shelf.limit is None else shelf.limit
    count = min(count, limit + 1 - shelf.next)
    if count <= 0:
        return ()
    if shelf.monotonic() >= shelf.contended_until:
        first = shelf.next
        shelf.next += count
        shelf.top = shelf.next - 1
        return range(first, first + count)
    name = f"{shelf.project_id}/{shelf.month}"
    first = await reserve(store.hints, name, shelf.next, count)
    shelf.next = max(shelf.next, first + count)
    shelf.top = max(shelf.top, min(first + count - 1, limit))
    return range(first, min(first + count, limit + 1))


async def _holes(store: Collections, shelf: Shelf, limit: int, count: int) -> Taken:
    """
    Free places below the highest taken one; one search at a time.

    What a search finds beyond *count* goes to the batches of this process that waited for it.
    """
    is_decided = True
    async with shelf.searching:
        if not shelf.spare and not shelf.is_full:
            is_decided = await _search(store, shelf, limit, max(count, SPARE_PLACES))
        places = [heapq.heappop(shelf.spare) for _ in range(min(count, len(shelf.spare)))]
    return Taken(places, not is_decided)


async def _search(store: Collections, shelf: Shelf, limit: int, wanted: int) -> bool:
    """
    Put free places on the shelf, or find the month full; False if that takes further searches.

    Other batches use the shelf during the search. If one has forgotten what was known, the places
    that were found may be closed by now and are not kept; if the limit has changed, the month was
    found full for another limit than this one.
    """
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
"""For so many projects of one batch the store is asked at the same time."""


@dataclass(slots=True)
class Allotment:
    """
    The numbers and places that the newcomers of one project got in a round.

    Attributes:
        entries: Those that got what they need, and will be inserted.
        age: The age of the shelf when the places were taken.
        is_undecided: Whether nobody knows yet if there are places for the others.
    """

    project_id: str
    numbers: Numbers
    shelf: Shelf
    entries: list[Entry] = field(default_factory=list)
    age: int = 0
    is_undecided: bool = False

    async def fill(self, store: Collections, newcomers: Sequence[Entry]) -> None:
        """Give each of *newcomers* in turn its number and place, until there are no more places."""
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

    @property
    def is_known(self) -> bool:
        """Whether nothing needs to be asked, probably."""
        return self.shelf.is_known and self.numbers.knows(self.project_id)

    def is_full_for(self, entry: Entry) -> bool:
        """Whether *entry* counts, got no place, and will get none."""
        return entry.capture.counts and self.shelf.is_full and entry not in self.entries

    def is_undecided_for(self, entry: Entry) -> bool:
        """Whether *entry* counts, and got no place although there may be one."""
        return entry.capture.counts and self.is_undecided and entry not in self.entries

    def note(self, entry: Entry, result: Result) -> None:
        """Learn from *result* which numbers and places are free, and which are taken."""
        if result is Result.WRITTEN:
            self.numbers.confirm(self.project_id)
        elif result is Result.UNKNOWN:
            self.forget()
        elif result in (Result.NUMBER_TAKEN, Result.PLACE_TAKEN):
            # The process that was faster took both a number and a place. The server names only
            # the one that it met first: to learn the other by another conflict costs a write.
            self.numbers.conflict(self.project_id)
            self.shelf.conflict()
        else:
            self.numbers.give_back(self.project_id, entry.document["lead_id"])
            if "place" in entry.document:
                self.shelf.give_back(entry.document["place"], self.age)

    def forget(self) -> None:
        """Forget numbers and places: nobody knows which of the ones we took are used now."""
        self.numbers.forget(self.project_id)
        self.shelf.forget()


Allotments = dict[str, Allotment]


async def fill_all(store: Collections, wanted: Sequence[tuple[Allotment, Sequence[Entry]]]) -> None:
    """
    Fill each with its newcomers, some at a time: most need no query, others several.

    Raises:
        PyMongoError: One of them could not be filled. Then none is inserted, and what they took
            is forgotten.
    """
    left = iter(wanted)

    async def fill_in_turn() -> None:
        for allotment, newcomers in left:
            await allotment.fill(store, newcomers)

    try:
        if len(wanted) == 1 or all(one.is_known for one, _ in wanted):
            await fill_in_turn()  # as a rule: tasks are for questions
        else:
            await _all_of([fill_in_turn() for _ in range(min(len(wanted), AT_ONCE))])
    except BaseException:
        for allotment, _ in wanted:
            allotment.forget()
        raise


async def _all_of(work: Sequence[Coroutine[Any, Any, None]]) -> None:
    """
    Wait for all, then raise the first error.

    If one fails, the others still take from memory that other batches use: none is left running.
    """
    for result in await asyncio.gather(*work, return_exceptions=True):
        if isinstance(result, BaseException):
            raise result
