"""Rate windows that all processes share, without a round trip per request."""

import asyncio
import contextvars
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from math import ceil

from redis.asyncio import Redis

from adapters.redis.shared_windows import Client, SharedWindow, SharedWindows
from application.ports.clock import Clock
from application.ports.rate_guard import RateGuard

EXCHANGE_EVERY_SECONDS = 0.1
PAUSE_SECONDS = 1.0
"""Between two tries while Redis is away."""
MOST_CLIENTS = 20_000
CHUNK_CLIENTS = 50
"""Clients per round trip: the requests get their turn between two."""


@dataclass(slots=True)
class _Known:
    calls: int
    ends_at: float


class RedisRateGuard(RateGuard):
    """
    Lets at most *calls* per project and client through in *window_seconds*, all processes together.

    Every call that is let through is counted by *stand_in* as well, which refuses by itself:
    while Redis is away, each process guards alone. The processes tell each other ten times
    a second what they let through; what they let through in between may be too much.

    Memory is bounded: of *most_clients* the shared windows are known, newcomers beyond
    that are left to *stand_in*.
    """

    def __init__(
        self,
        redis: Redis,
        stand_in: RateGuard,
        calls: int,
        window_seconds: float,
        clock: Clock,
        most_clients: int = MOST_CLIENTS,
    ) -> None:
        self._windows = SharedWindows(redis, calls, window_seconds)
        self._stand_in = stand_in
        self._calls = calls
        self._window_seconds = window_seconds
        self._monotonic: Callable[[], float] = clock.monotonic
        self._most_clients = most_clients
        self._known: dict[Client, _Known] = {}
        self._unsent: dict[Client, int] = {}
        self._forget_at = float("-inf")
        self._running = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to exchange ten times a second; needs a running loop."""
        self._running = True
        self._task = asyncio.get_running_loop().create_task(
            self._run(),
            name="rate-exchange",
            context=contextvars.Context(),  # it belongs to no request
        )

    async def stop(self) -> None:
        """End the exchange; what was not sent is lost, and nobody would miss it."""
        self._running = False  # asyncio.wait_for, in the driver, now and then swallows a cancel()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
            self._task = None

    def seconds_to_wait(self, project_id: str, client_address: str) -> int | None:
        """Count one call; one that the shared window refuses is counted nowhere."""
        client = (project_id, client_address)
        wait = self._shared_wait(client)
        if wait is None:
            wait = self._stand_in.seconds_to_wait(project_id, client_address)
        if wait is None:
            self._count(client)
        return wait

    async def exchange(self) -> bool:
        """
        Tell Redis what was let through since the last time, and learn the shared windows.

        Does no I/O where there is nothing to tell; never raises. What is told is told once:
        if Redis does not answer, it may have counted or not, and counting twice would
        refuse calls wrongly. Several at a time tell nothing twice.

        Returns:
            False if Redis did not answer.
        """
        for chunk in _chunks(self._take_unsent()):
            try:
                windows = await self._windows.add(chunk)
            except Exception:  # noqa: BLE001  whatever it is, the next try must come
                return False
            self._learn(windows)
        return True

    def _shared_wait(self, client: Client) -> int | None:
        known = self._known.get(client)
        if known is None or known.calls + self._unsent.get(client, 0) < self._calls:
            return None
        seconds = known.ends_at - self._monotonic()
        return max(1, ceil(seconds)) if seconds > 0 else None

    def _count(self, client: Client) -> None:
        unsent = self._unsent.get(client, 0)
        if unsent or len(self._unsent) < self._most_clients:
            self._unsent[client] = unsent + 1

    def _take_unsent(self) -> dict[Client, int]:
        """What is to be told, added to what is known until the answer is there."""
        unsent, self._unsent = self._unsent, {}
        self._forget_ended()
        for client, calls in unsent.items():
            if client in self._known:
                self._known[client].calls += calls
        return unsent

    def _forget_ended(self) -> None:
        """Once per window: going through all of them at every exchange would cost too much."""
        now = self._monotonic()
        if now >= self._forget_at:
            self._known = {c: known for c, known in self._known.items() if now < known.ends_at}
            self._forget_at = now + self._window_seconds

    def _learn(self, windows: Mapping[Client, SharedWindow]) -> None:
        now = self._monotonic()
        for client, window in windows.items():
            if client in self._known or len(self._known) < self._most_clients:
                self._known[client] = _Known(window.calls, now + window.ends_in_seconds)

    async def _run(self) -> None:
        pause = EXCHANGE_EVERY_SECONDS
        while self._running:
            await asyncio.sleep(pause)
            pause = EXCHANGE_EVERY_SECONDS if await self.exchange() else PAUSE_SECONDS


def _chunks(deltas: Mapping[Client, int]) -> Iterator[dict[Client, int]]:
    items = iter(deltas.items())
    while chunk := dict(islice(items, CHUNK_CLIENTS)):
        yield chunk
