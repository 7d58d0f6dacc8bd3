"""Answers of the store, remembered for a moment."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from application.ports.clock import Clock
from domain.errors import StorageUnavailable

K = TypeVar("K")
V = TypeVar("V")

EXPIRES_AFTER_SECONDS = 2.0
"""The promise: a change in the store is in force everywhere within this time."""
REFRESH_AFTER_SECONDS = 1.0
"""From this age on an answer is renewed in the background, so that nobody waits for it."""
LOAD_TIMEOUT_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class _Known(Generic[V]):
    value: V
    asked_at: float


class SettingsCache(Generic[K, V]):
    """
    What `load` answered, never older than two seconds.

    Age counts from the moment of asking, on the monotonic clock. "There is none" is an
    answer and remembered like any other; an error never is. One question is asked once
    at a time, and goes on when the request that asked it goes away.
    """

    def __init__(
        self, load: Callable[[K], Awaitable[V]], clock: Clock, *, capacity: int = 10_000
    ) -> None:
        self._load = load
        self._clock = clock
        self._capacity = capacity
        self._known: OrderedDict[K, _Known[V]] = OrderedDict()
        self._asking: dict[K, asyncio.Task[V]] = {}

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
                return await asyncio.shield(task)
        except TimeoutError:
            self._forget(key, task)  # whoever asks next asks anew
            raise StorageUnavailable("the store did not answer in time") from None

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
        if age >= REFRESH_AFTER_SECONDS:
            self._ask(key)
        return known.value

    def _ask(self, key: K) -> "asyncio.Task[V]":
        task = self._asking.get(key)
        if task is None:
            task = asyncio.get_running_loop().create_task(self._answer(key))
            self._asking[key] = task
            task.add_done_callback(lambda done: self._forget(key, done))
            task.add_done_callback(_look_at_error)
        return task

    async def _answer(self, key: K) -> V:
        asked_at = self._clock.monotonic()
        value = await self._load(key)
        known = self._known.get(key)
        if known is None or known.asked_at <= asked_at:  # a late answer does not undo a newer one
            self._known[key] = _Known(value, asked_at)
            self._known.move_to_end(key)
        if len(self._known) > self._capacity:
            self._known.popitem(last=False)
        return value

    def _forget(self, key: K, task: "asyncio.Task[V]") -> None:
        if self._asking.get(key) is task:
            del self._asking[key]


def _look_at_error(task: "asyncio.Task[V]") -> None:
    """Take note of the error of a background refresh: whoever asks next gets its own."""
    if not task.cancelled():
        task.exception()
