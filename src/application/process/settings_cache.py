"""Settings that the store answered, remembered for a moment."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from application.ports.clock import Clock
from domain.errors import StorageUnavailable

K = TypeVar("K")
V = TypeVar("V")

EXPIRES_AFTER_SECONDS = 2.0
"""The promise: a change in the store is in force in every process within this time."""
REFRESH_AFTER_SECONDS = 1.0
"""From this age on an answer is renewed in the background, so that no call waits for it."""
GATHER_SECONDS = 0.02
"""What becomes due within this time is renewed with one question."""
MOST_RENEWED_TOGETHER = 100
"""Answers of one question: so few that reading them holds up nobody."""
LOAD_TIMEOUT_SECONDS = 2.0
"""So long a call waits for the store, whichever call asked it."""


@dataclass(frozen=True, slots=True)
class _Known(Generic[V]):
    value: V
    asked_at: float


class SettingsCache(Generic[K, V]):
    """
    What `load` answered, never older than two seconds.

    An operator may revoke a key or lower a limit in another process at any moment, and no
    process tells another: an answer is in force until it is too old. So age counts from the
    moment when the store was asked, not from its answer: the change may have come in between.

    "There is none" is an answer and is remembered like any other; an error is not. All calls that
    need one answer wait for one task, which goes on when the call that began it is cancelled.

    With a thousand customers, a question for each of them each second would cost as much as their
    leads. So renewals gather. A call that has to wait asks for its own key alone, and waits for no
    renewal: what hangs or fails for others is not its concern.

    Args:
        load: The answers for several keys, in their order.
        capacity: So many answers are remembered.
        together: So many are renewed by one question; 1 where each is a question to the store.
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
        self._asking: dict[K, asyncio.Task[_Known[V]]] = {}
        self._due: list[K] = []
        self._being_renewed: set[K] = set()
        self._renewals: set[asyncio.Task[None]] = set()

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
        task = self._ask(key)
        try:
            async with asyncio.timeout(LOAD_TIMEOUT_SECONDS):
                while self._is_too_old(known := await asyncio.shield(task)):
                    task = self._ask(key)  # another call had asked long before this one came
                return known.value
        except TimeoutError:
            self._forget(key, task)  # the next call asks anew, beside the question that hangs
            raise StorageUnavailable("the store did not answer in time") from None

    def knows(self, key: K) -> bool:
        """Whether `peek` has an answer."""
        known = self._known.get(key)
        return known is not None and not self._is_too_old(known)

    def _is_too_old(self, known: _Known[V]) -> bool:
        return self._clock.monotonic() - known.asked_at >= EXPIRES_AFTER_SECONDS

    def peek(self, key: K) -> V:
        """
        The value, at most two seconds old, without asking the store.

        Raises:
            KeyError: It is not known, or no longer.
        """
        known = self._known[key]
        age = self._clock.monotonic() - known.asked_at
        if age >= EXPIRES_AFTER_SECONDS:
            raise KeyError(key)
        self._known.move_to_end(key)
        if age >= REFRESH_AFTER_SECONDS and key not in self._being_renewed:
            self._renew_soon(key)
        return known.value

    def _ask(self, key: K) -> "asyncio.Task[_Known[V]]":
        task = self._asking.get(key)
        if task is None:
            task = asyncio.get_running_loop().create_task(self._answer(key))
            self._asking[key] = task
            task.add_done_callback(lambda done: self._forget(key, done))
            task.add_done_callback(_look_at_error)
        return task

    async def _answer(self, key: K) -> _Known[V]:
        [answer] = await self._load_and_remember([key])
        with suppress(KeyError):  # answered later than a newer question, and forgotten since
            self._known.move_to_end(key)
        return answer

    def _forget(self, key: K, task: "asyncio.Task[_Known[V]]") -> None:
        if self._asking.get(key) is task:
            del self._asking[key]

    def _renew_soon(self, key: K) -> None:
        self._being_renewed.add(key)
        self._due.append(key)
        if len(self._due) == 1:
            task = asyncio.get_running_loop().create_task(self._renew())
            self._renewals.add(task)
            task.add_done_callback(self._renewals.discard)

    async def _renew(self) -> None:
        """Renew what becomes due in the next moment; where it fails, the old answers stay."""
        await asyncio.sleep(GATHER_SECONDS)
        due, self._due = self._due, []
        firsts = range(0, len(due), self._together)
        await asyncio.gather(*(self._renew_now(due[n : n + self._together]) for n in firsts))

    async def _renew_now(self, keys: Sequence[K]) -> None:
        try:
            async with asyncio.timeout(LOAD_TIMEOUT_SECONDS):
                await self._load_and_remember(keys)
        except Exception:  # noqa: BLE001, S110  whoever finds an answer too old asks, and hears it
            pass
        finally:
            self._being_renewed.difference_update(keys)

    async def _load_and_remember(self, keys: Sequence[K]) -> Sequence[_Known[V]]:
        asked_at = self._clock.monotonic()
        answers = [_Known(value, asked_at) for value in await self._load(keys)]
        for key, answer in zip(keys, answers, strict=True):
            known = self._known.get(key)
            # A question that hung, and was asked anew meanwhile, may be answered last: what was
            # asked for later is newer, and stays.
            if known is None or known.asked_at <= asked_at:
                self._known[key] = answer
        while len(self._known) > self._capacity:
            self._known.popitem(last=False)
        return answers


def _look_at_error(task: "asyncio.Task[Any]") -> None:
    """Look at the error of a refresh that no call waits for, or asyncio would log it."""
    if not task.cancelled():
        task.exception()
