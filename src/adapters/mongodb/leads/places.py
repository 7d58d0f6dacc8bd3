"""What a process remembers of the free places of each month."""

import asyncio
import heapq
from dataclasses import dataclass, field

from adapters.mongodb.leads.chunks import Chunks
from adapters.mongodb.leads.numbers import (
    CONTENDED_FOR_SECONDS,
    MOST_PROJECTS,
    REMEMBERED_FOR_SECONDS,
    Monotonic,
)
from adapters.mongodb.leads.recent import Recent

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
