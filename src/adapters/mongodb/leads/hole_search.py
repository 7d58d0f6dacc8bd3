"""One look for free places in a month where those above the highest are used up."""

from typing import Any

from adapters.mongodb.connection.collections import Collections
from adapters.mongodb.leads.chunks import Chunks, Part
from adapters.mongodb.leads.holes import count_places, highest_place, lowest_holes

MOST_LEARNED = 4
"""Chunks that are found full in one search; then it ends, and the next one goes on there."""
MOST_LOOKS = 4
"""Chunks that are looked into for further holes once there are some."""


class HoleSearch:
    """
    Looks in those chunks of a month that are not known to be full.

    It takes a moment however large the month is: chunks that it has no time for are taken to
    be full, which opens no hole that is closed.

    Attributes:
        is_finished: Whether there are no open holes but those that it found.
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

        First the holes, then the count: the other way round two processes exceed a lowered
        limit. What is taken above it keeps as many of the highest holes closed. Of holes that
        were free before the count, the lowest are open, as many as were free then and not
        closed, whoever fills some of them later.
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
        """Whether so many places are taken, for good: what may be rolled back refuses nobody."""
        leads = self._store.leads
        above = await self._taken_above(leads, limit)
        free = await self._free(leads, 1, limit)
        return self.is_finished and above >= free

    async def _lowest(self, leads: Any, limit: int, wanted: int) -> tuple[list[int], bool]:
        """Holes, and whether it was not looked for more although more are wanted."""
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
        """Whether a whole chunk is full, for good; the count that says so is the last of it."""
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
