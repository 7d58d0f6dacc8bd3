"""Settings that the store answered, remembered for a moment."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any, Generic, TypeVar

from application.ports.clock import Clock
from domain.errors import StorageUnavailable

K = TypeVar("K")
V = TypeVar("V")

EXPIRES_AFTER_SECONDS = 2.0
"""The promise: a change in the store is in force in every process within this time."""
REFRESH_AFTER_SECONDS = 1.0
"""From this age on an answer is renewed in the background, so that no call waits for it."""
RENEWED_ALONG_AFTER_SECONDS = 0.5
"""From this age on an answer that is in use is renewed along with one that is due."""
MOST_RENEWED_TOGETHER = 100
"""Answers of one question: so few that reading them holds up nobody."""
LOAD_TIMEOUT_SECONDS = 2.0
"""So long a call waits for the store, whichever call asked it."""


@dataclass(slots=True)
class _Known(Generic[V]):
    value: V
    asked_at: float
    is_used: bool = False
    """Whether anybody looked at it since the store was asked."""


class SettingsCache(Generic[K, V]):
    """
    What `load` answered, never older than two seconds.

    An operator may revoke a key or lower a limit in another process at any moment, and no
    process tells another: an answer is in force until it is too old. So age counts from the
    moment when the store was asked, not from its answer: the change may have come in between.

    "There is none" is an answer and is remembered like any other; an error is not. All calls that
    need one answer wait for one task, which goes on when the call that began it is cancelled.

    With a thousand customers, a question for each of them each second would cost as much as their
    leads. So whoever is due is renewed together with others that are in use and soon due.

    Args:
        load: The answers for several keys, in their order.
        capacity: So many answers are remembered.
        together: So many are asked for in one question; 1 where each is a question to the store.
    """

    def __init__(
        self,
        load: Callable[[Sequence[K]], Awaitable[Sequence[V]]],
        clock: Clock,
        *,
        capacity: int = 10_000,
        together: int = MOST_RENEWED_TOGETHER,
    ) -> None:
        self._load = load
        self._clock = clock
        self._capacity = capacity
        self._together = together
        self._known: OrderedDict[K, _Known[V]] = OrderedDict()
        self._asking: dict[K, asyncio.Task[Mapping[K, V]]] = {}

    @classmethod
    def one_by_one(cls, load: Callable[[K], Awaitable[V]], clock: Clock) -> "SettingsCache[K, V]":
        """Where the store has no question for several: each is asked for when it is due."""

        async def answers(keys: Sequence[K]) -> list[V]:
            return [await load(key) for key in keys]

        return cls(answers, clock, together=1)

    async def get(self, key: K) -> V:
        """
        The value, at most two seconds old; does not suspend while it is known.

        Raises:
            StorageUnavailable: The store did not answer in time.
        """
        try:
            return self.peek(key)
        except KeyError:
            pass
        task = self._asking.get(key) or self._ask([key])
        try:
            async with asyncio.timeout(LOAD_TIMEOUT_SECONDS):
                return (await asyncio.shield(task))[key]
        except TimeoutError:
            self._forget([key], task)  # the next call asks anew, beside the question that hangs
            raise StorageUnavailable("the store did not answer in time") from None

    def knows(self, key: K) -> bool:
        """Whether `peek` has an answer."""
        known = self._known.get(key)
        return (
            known is not None and self._clock.monotonic() - known.asked_at < EXPIRES_AFTER_SECONDS
        )

    def peek(self, key: K) -> V:
        """
        The value, at most two seconds old, without asking the store.

        Raises:
            KeyError: It is not known, or no longer.
        """
        known = self._known[key]
        now = self._clock.monotonic()
        age = now - known.asked_at
        if age >= EXPIRES_AFTER_SECONDS:
            raise KeyError(key)
        known.is_used = True
        self._known.move_to_end(key)
        if age >= REFRESH_AFTER_SECONDS and key not in self._asking:
            self._ask(list(islice(self._worth_renewing(now), self._together)))
        return known.value

    def _worth_renewing(self, now: float) -> Iterator[K]:
        """The keys that are due or soon due, as far as they are in use; the last used is first."""
        for key, known in reversed(self._known.items()):
            age = now - known.asked_at
            if age >= EXPIRES_AFTER_SECONDS:
                return  # hardly anything that was used before it is worth more
            if known.is_used and age >= RENEWED_ALONG_AFTER_SECONDS and key not in self._asking:
                yield key

    def _ask(self, keys: Sequence[K]) -> "asyncio.Task[Mapping[K, V]]":
        task = asyncio.get_running_loop().create_task(self._answer(keys))
        self._asking.update(dict.fromkeys(keys, task))
        task.add_done_callback(partial(self._forget, keys))
        task.add_done_callback(_look_at_error)
        return task

    async def _answer(self, keys: Sequence[K]) -> Mapping[K, V]:
        asked_at = self._clock.monotonic()
        answers = dict(zip(keys, await self._load(keys), strict=True))
        for key, value in answers.items():
            self._remember(key, value, asked_at)
        while len(self._known) > self._capacity:
            self._known.popitem(last=False)
        return answers

    def _remember(self, key: K, value: V, asked_at: float) -> None:
        known = self._known.get(key)
        # A question that hung, and was asked anew meanwhile, may be answered last: what was asked
        # for later is newer, and stays.
        if known is None or known.asked_at <= asked_at:
            self._known[key] = _Known(value, asked_at)

    def _forget(self, keys: Sequence[K], task: "asyncio.Task[Mapping[K, V]]") -> None:
        for key in keys:
            if self._asking.get(key) is task:
                del self._asking[key]


def _look_at_error(task: "asyncio.Task[Any]") -> None:
    """Look at the error of a refresh that no call waits for, or asyncio would log it."""
    if not task.cancelled():
        task.exception()
