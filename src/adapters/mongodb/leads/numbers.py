"""
The next `lead_id` of each project, as far as this process knows.

First the two things that numbers and places have in common: ranges that processes reserve when
several write at once (`reserve`), and a bounded memory (`Recent`). Then `Numbers`.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import pymongo
from pymongo import ReturnDocument

from adapters.mongodb.connection.collections import Collections


async def reserve(hints: Any, name: str, at_least: int, count: int) -> int:
    """
    The first of *count* consecutive numbers that no other process has reserved, from *at_least* on.

    The server adds to one document, so that two processes which ask at the same moment get
    different ranges. It is only a hint: it is not written to the majority, so it may be lost, or be
    wrong after a failover. In the end the unique indexes decide.
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

    Memory is bounded: with more than *capacity* keys, the one that was last asked for longest ago
    is forgotten.
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
"""How long ranges are reserved after a conflict: the other process will write again soon."""
REMEMBERED_FOR_SECONDS = 2.0
"""A number that was looked up, or proved right, longer ago than this is looked up again."""
MOST_PROJECTS = 10_000
Monotonic = Callable[[], float]


@dataclass(slots=True)
class _Memory:
    """
    What is known of one project's numbers.

    Attributes:
        next: This number and all above it are probably free; 0 if it must be looked up.
        right_at: When it was last looked up or proved right by a write (monotonic).
        contended_until: Until then another process probably writes, too (monotonic).
    """

    next: int = 0
    right_at: float = float("-inf")
    contended_until: float = float("-inf")


class Numbers:
    """
    Guesses numbers from memory; the unique index decides whether they were free.

    Several processes number the leads of one project, and each thinks that the next number is
    its own. If two take the same one, the index refuses the second, which looks up the highest
    number and then reserves ranges for a while. So a wrong memory costs another try, never a lead.

    But it must not be old. While this process was idle, others may have left out the number that
    it remembers and gone on above it: the number is free, and lower than those of earlier leads.
    So what was not looked up or confirmed in the last two seconds is looked up again.

    All batches of this process share one memory. Between the look at `next` and counting it up
    there is no await, so two batches get the same number only where one has forgotten what the
    other took: then the index decides between them, too.
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
            # The larger: another batch of this process may have gone on during the question.
            memory.next, memory.right_at = max(memory.next, highest + 1), now
        if self._monotonic() < memory.contended_until:
            name = f"{project_id}/lead_id"
            first = await reserve(store.hints, name, memory.next, count)
            memory.next = max(memory.next, first + count)
        else:
            first = memory.next
            memory.next += count
        return range(first, first + count)

    def knows(self, project_id: str) -> bool:
        """Whether `take` needs no question."""
        memory, now = self._known[project_id], self._monotonic()
        is_recent = now - memory.right_at < REMEMBERED_FOR_SECONDS
        return is_recent and memory.next > 0 and now >= memory.contended_until

    def confirm(self, project_id: str) -> None:
        """Note that a number which we took was free."""
        self._known[project_id].right_at = self._monotonic()

    def give_back(self, project_id: str, number: int) -> None:
        """Give back *number*, which was not used; it is next again if none above it was taken."""
        memory = self._known[project_id]
        if memory.next == number + 1:
            memory.next = number

    def conflict(self, project_id: str) -> None:
        """Another process took a number first: look up the next one, and reserve for a while."""
        memory = self._known[project_id]
        memory.next = 0
        memory.contended_until = self._monotonic() + CONTENDED_FOR_SECONDS

    def forget(self, project_id: str) -> None:
        """Forget the next number: nobody knows which of the ones we took last are used now."""
        self._known[project_id].next = 0


async def _highest(store: Collections, project_id: str) -> int:
    lead = await store.latest_leads.find_one(
        {"project_id": project_id},
        {"_id": 0, "lead_id": 1},
        sort=[("lead_id", pymongo.DESCENDING)],
    )
    return int(lead["lead_id"]) if lead else 0
