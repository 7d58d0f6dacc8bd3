"""The next `lead_id` of each project, as far as this process knows."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import pymongo
from pymongo import ReturnDocument

from adapters.mongodb.connection.collections import Collections


async def reserve(hints: Any, name: str, at_least: int, count: int) -> int:
    """
    The first of *count* consecutive numbers that nobody else was told, *at_least* or higher.

    A hint, no promise: the document may be lost or wrong, the unique indexes judge.
    """
    taken = {"$add": [{"$max": ["$next", at_least]}, count]}
    document = await hints.find_one_and_update(
        {"_id": name},
        [{"$set": {"next": taken}}],
        upsert=True,
        return_document=ReturnDocument.AFTER,
    )
    return int(document["next"]) - count


K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Recent(Generic[K, V]):
    """
    A value for each key, made when it is first asked for.

    Memory is bounded: beyond *capacity* keys the one that was not asked for longest is forgotten.
    """

    def __init__(self, make: Callable[[K], V], capacity: int) -> None:
        self._make = make
        self._capacity = capacity
        self._values: OrderedDict[K, V] = OrderedDict()

    def __getitem__(self, key: K) -> V:
        value = self._values.get(key)
        if value is None:
            value = self._values[key] = self._make(key)
            if len(self._values) > self._capacity:
                self._values.popitem(last=False)
        else:
            self._values.move_to_end(key)
        return value


CONTENDED_FOR_SECONDS = 1.0
"""After a conflict ranges are taken from the hints for so long: one is seldom alone."""
REMEMBERED_FOR_SECONDS = 2.0
"""What was learned, or proved to be right, longer ago is looked up again."""
MOST_PROJECTS = 10_000
Monotonic = Callable[[], float]


@dataclass(slots=True)
class _Memory:
    next: int = 0
    right_at: float = float("-inf")
    contended_until: float = float("-inf")


class Numbers:
    """
    Chooses numbers optimistically: the unique index decides whether they were free.

    What is remembered here may be wrong in any way; it costs another try, never a lead.
    But a number that others left out long ago is lower than those of earlier leads, so that
    nothing is remembered that was not right a moment ago.
    """

    def __init__(self, monotonic: Monotonic) -> None:
        self._monotonic = monotonic
        self._known: Recent[str, _Memory] = Recent(lambda _: _Memory(), MOST_PROJECTS)

    async def take(self, store: Collections, project_id: str, count: int) -> Sequence[int]:
        """*count* numbers, ascending, that are probably free."""
        if not count:
            return ()
        memory = self._known[project_id]
        now = self._monotonic()
        if now - memory.right_at >= REMEMBERED_FOR_SECONDS:
            memory.next = 0
        if not memory.next:
            highest = await _highest(store, project_id)
            memory.next, memory.right_at = max(memory.next, highest + 1), now
        if self._monotonic() < memory.contended_until:
            name = f"{project_id}/lead_id"
            first = await reserve(store.hints, name, memory.next, count)
            memory.next = max(memory.next, first + count)
        else:
            first = memory.next
            memory.next += count
        return range(first, first + count)

    def confirm(self, project_id: str) -> None:
        """A number that was taken here was free."""
        self._known[project_id].right_at = self._monotonic()

    def give_back(self, project_id: str, number: int) -> None:
        """*number* was not used; it is next again if nothing beyond it was taken."""
        memory = self._known[project_id]
        if memory.next == number + 1:
            memory.next = number

    def conflict(self, project_id: str) -> None:
        """Another process was faster."""
        memory = self._known[project_id]
        memory.next = 0
        memory.contended_until = self._monotonic() + CONTENDED_FOR_SECONDS

    def forget(self, project_id: str) -> None:
        """It is not known what became of the numbers that were taken last."""
        self._known[project_id].next = 0


async def _highest(store: Collections, project_id: str) -> int:
    lead = await store.latest_leads.find_one(
        {"project_id": project_id},
        {"_id": 0, "lead_id": 1},
        sort=[("lead_id", pymongo.DESCENDING)],
    )
    return int(lead["lead_id"]) if lead else 0
