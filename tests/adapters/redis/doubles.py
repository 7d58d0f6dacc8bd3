"""A guard that says when it exchanged, and windows that do what a test says."""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Any

from adapters.redis import RedisRateGuard
from adapters.redis.rate_guard import Client, SharedWindow


class WatchedRateGuard(RedisRateGuard):
    """Lets a test wait for what its task does, so that none has to sleep."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.telling = asyncio.Event()
        self._exchanged: asyncio.Queue[bool] = asyncio.Queue()

    async def exchange(self) -> bool:
        if not self._unsent:
            return await super().exchange()
        self.telling.set()
        answered = await super().exchange()
        self._exchanged.put_nowait(answered)
        return answered

    async def exchanged(self) -> bool:
        """Wait for the next exchange that had something to tell; what it returned."""
        return await self._exchanged.get()


class FixedWindows:
    """Notes what it is told, and answers the same window to everybody, or nothing."""

    def __init__(self, window: SharedWindow | None = None) -> None:
        self.told: list[dict[Client, int]] = []
        self._window = window

    async def add(self, deltas: Mapping[Client, int], *_: object) -> dict[Client, SharedWindow]:
        self.told.append(dict(deltas))
        return dict.fromkeys(deltas, self._window) if self._window else {}


class DeafWindows:
    """Waits until it is cancelled, and then answers as if nothing had been."""

    async def add(self, deltas: Mapping[Client, int], *_: object) -> dict[Client, SharedWindow]:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        return {}
