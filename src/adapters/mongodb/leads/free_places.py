"""
Free places among taken ones (*holes*), which a killed writer or a duplicate left.

Nobody is refused while there is one, so a month that seems full is searched. A month may have
millions of places, and one query can read a thousand. So the month is cut into chunks. First
which chunks are known to be full (`Chunks`), then how one part is counted and searched
(`lowest_holes`), and last one search over the month (`HoleSearch`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pymongo

from adapters.mongodb.connection.collections import Collections

CHUNK_PLACES = 20_000
"""The places of one chunk; the server counts so many index entries in about ten milliseconds."""


@dataclass(frozen=True, slots=True)
class Part:
    """
    The places from *low* to *high*.

    Attributes:
        chunk: The number of the chunk if these are all its places, else None.
    """

    low: int
    high: int
    chunk: int | None

    @property
    def size(self) -> int:
        """How many places it has."""
        return self.high - self.low + 1


class Chunks:
    """
    Which chunks of a month are full, as the majority has them.

    A full chunk stays full, whatever the limit: places do not become free again unless somebody
    changes the store by hand. Only the majority's leads count here, for others may be rolled back.
    It remembers one number per full chunk.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._full: set[int] = set()

    def note_full(self, chunk: int) -> None:
        """Note that every place of *chunk* is taken, as the majority has it."""
        self._full.add(chunk)

    def open_parts(self, low: int, high: int) -> Iterator[Part]:
        """The parts from *low* to *high* whose chunks are not known to be full, ascending."""
        for chunk in range((low - 1) // self._size, (high - 1) // self._size + 1):
            if chunk not in self._full:
                first, last = chunk * self._size + 1, (chunk + 1) * self._size
                is_whole = low <= first and last <= high
                yield Part(max(first, low), min(last, high), chunk if is_whole else None)


READ_AT_ONCE = 1_000


async def count_places(leads: Any, project_id: str, month: str, low: int, high: int) -> int:
    """How many places from *low* to *high* are taken; answered from the index alone."""
    taken: int = await leads.count_documents(_places(project_id, month, low, high))
    return taken


async def highest_place(leads: Any, project_id: str, month: str) -> int:
    """The highest place that is taken; 0 if none is."""
    lead = await leads.find_one(
        {"project_id": project_id, "month": month, "place": {"$gte": 1}},
        {"_id": 0, "place": 1},
        sort=[("place", pymongo.DESCENDING)],
    )
    return int(lead["place"]) if lead else 0


async def lowest_holes(
    leads: Any, project_id: str, month: str, low: int, high: int, wanted: int
) -> list[int]:
    """
    The lowest *wanted* free places from *low* to *high*, ascending.

    It counts each half of a range, and goes on only in halves that are not full.
    """
    found: list[int] = []
    ranges = [(low, high)]
    while ranges and len(found) < wanted:
        first, last = ranges.pop()
        if last - first < READ_AT_ONCE:
            taken = await _taken(leads, project_id, month, first, last)
            found += [place for place in range(first, last + 1) if place not in taken]
            continue
        count = await count_places(leads, project_id, month, first, last)
        if count == 0:
            found += range(first, min(last, first + wanted - 1) + 1)
        elif count < last - first + 1:
            middle = (first + last) // 2
            ranges += [(middle + 1, last), (first, middle)]
    return found[:wanted]


async def _taken(leads: Any, project_id: str, month: str, low: int, high: int) -> set[int]:
    cursor = leads.find(_places(project_id, month, low, high), {"_id": 0, "place": 1})
    documents = await cursor.sort("place", pymongo.ASCENDING).to_list(None)
    return {document["place"] for document in documents}


def _places(project_id: str, month: str, low: int, high: int) -> dict[str, Any]:
    return {"project_id": project_id, "month": month, "place": {"$gte": low, "$lte": high}}


MOST_LEARNED = 4
"""A search ends when it has found so many more chunks full; the next search goes on from there."""
MOST_LOOKS = 4
"""Once a search has found holes, it looks for more in at most so many chunks."""


class HoleSearch:
    """
    Looks in those chunks of a month that are not known to be full.

    A hole is *open* if it may be used: within a lowered limit, as many of the highest holes are
    closed as places are taken above the limit.

    It is quick however large the month is, for it gives up after a few chunks. It takes all that
    it has not counted for full: so it may find too few holes, but never a closed one.

    Attributes:
        is_finished: Whether it has found every open hole.
    """

    def __init__(self, store: Collections, project_id: str, month: str, chunks: Chunks) -> None:
        self._store = store
        self._month = (project_id, month)
        self._chunks = chunks
        self._to_learn = MOST_LEARNED
        self._not_full: set[int] = set()
        self.is_finished = True

    async def open_holes(self, limit: int, wanted: int) -> list[int]:
        """
        At most *wanted* free places from 1 to *limit*, the lowest, ascending.

        First we find the holes, then we count how many of them are open. Suppose that it were the
        other way round: we count two open holes, and another process fills these two; now we read
        the holes, find the next two, which are closed, and take them for open: two leads too many.
        In our order it is safe. A hole that somebody fills before we count makes the count
        smaller, and we keep fewer. Everybody takes the lowest holes first, so one that is filled
        after we counted is among those we keep, and the index refuses it to us.
        """
        leads = self._store.latest_leads
        holes, there_may_be_more = await self._lowest(leads, limit, wanted)
        if above := await self._taken_above(leads, limit):
            free = await self._free(leads, 1, limit)
            there_may_be_more = there_may_be_more and free - above > len(holes)
            holes = holes[: max(free - above, 0)]
        if there_may_be_more:
            self.is_finished = False
        return holes

    async def is_full(self, limit: int) -> bool:
        """
        Whether the majority has so many places taken that no hole is open.

        A lead that only one server has may be rolled back, and its place is then free again: nobody
        is refused because of such a lead.
        """
        leads = self._store.leads
        above = await self._taken_above(leads, limit)
        free = await self._free(leads, 1, limit)
        return self.is_finished and above >= free

    async def _lowest(self, leads: Any, limit: int, wanted: int) -> tuple[list[int], bool]:
        """The lowest holes, and whether it stopped before it had found all that are wanted."""
        holes: list[int] = []
        looks = 0
        for part in self._chunks.open_parts(1, limit):
            if len(holes) >= wanted:
                break
            if holes and looks >= MOST_LOOKS:
                return holes, True
            if not await self._is_full(part):
                rest, looks = wanted - len(holes), looks + 1
                holes += await lowest_holes(leads, *self._month, part.low, part.high, rest)
        return holes, False

    async def _taken_above(self, leads: Any, limit: int) -> int:
        highest = await highest_place(leads, *self._month)
        if highest <= limit:
            return 0
        return highest - limit - await self._free(leads, limit + 1, highest)

    async def _free(self, leads: Any, low: int, high: int) -> int:
        free = 0
        for part in self._chunks.open_parts(low, high):
            if not await self._is_full(part):
                free += part.size - await count_places(leads, *self._month, part.low, part.high)
        return free

    async def _is_full(self, part: Part) -> bool:
        """Whether *part* is a chunk that is full, or one that this search has no time to count."""
        if part.chunk is None or part.chunk in self._not_full:
            return False
        if not self._to_learn:
            self.is_finished = False
            return True
        if await count_places(self._store.leads, *self._month, part.low, part.high) < part.size:
            self._not_full.add(part.chunk)
            return False
        self._chunks.note_full(part.chunk)
        self._to_learn -= 1
        return True
