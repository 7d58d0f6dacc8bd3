"""Rate windows in this process's memory."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from application.ports.clock import Clock
from application.ports.rate_guard import RateGuard

MOST_CLIENTS = 100_000
"""Counters kept at a time; beyond it, newcomers of a window are let through uncounted."""


STEPS = 60
"""Parts of a window, each of which is remembered as a whole."""


@dataclass(slots=True)
class _Together:
    first_at: float
    last_at: float = 0.0
    calls: int = 0


class InProcessRateGuard(RateGuard):
    """
    Counts in fixed windows: at most *calls* per project and client in *window_seconds*.

    A fixed window lets up to twice as much through around its edge: enough for a guard.
    """

    def __init__(
        self, calls: int, window_seconds: float, clock: Clock, most_clients: int = MOST_CLIENTS
    ) -> None:
        self._calls = calls
        self._window_seconds = window_seconds
        self._monotonic: Callable[[], float] = clock.monotonic
        self._most_clients = most_clients
        self._ends_at = float("-inf")
        self._counts: dict[tuple[str, str], int] = {}

    def seconds_to_wait(self, project_id: str, client_address: str) -> int | None:
        """Count one call."""
        now = self._monotonic()
        if now >= self._ends_at:
            self._counts.clear()
            self._ends_at = now + self._window_seconds
        client = (project_id, client_address)
        count = self._counts.get(client, 0) + 1
        if count > self._calls:
            return max(1, ceil(self._ends_at - now))
        if count > 1 or len(self._counts) < self._most_clients:
            self._counts[client] = count
        return None


class SlidingRateGuard(RateGuard):
    """
    Counts exactly: at most *calls* per project and client in any *window_seconds*.

    What came close together is forgotten together, at its last moment: a little late,
    never early.
    """

    def __init__(
        self, calls: int, window_seconds: float, clock: Clock, most_clients: int = MOST_CLIENTS
    ) -> None:
        self._calls = calls
        self._window_seconds = window_seconds
        self._monotonic: Callable[[], float] = clock.monotonic
        self._most_clients = most_clients
        self._counts: dict[tuple[str, str], deque[_Together]] = {}

    def seconds_to_wait(self, project_id: str, client_address: str) -> int | None:
        """Count one call."""
        now = self._monotonic()
        client = (project_id, client_address)
        counted = self._counts.get(client)
        if counted is None:
            self._make_room(now)
            if len(self._counts) >= self._most_clients:
                return None
            counted = self._counts[client] = deque()
        while counted and counted[0].last_at + self._window_seconds <= now:
            counted.popleft()
        if sum(together.calls for together in counted) >= self._calls:
            return max(1, ceil(counted[0].last_at + self._window_seconds - now))
        if not counted or now - counted[-1].first_at > self._window_seconds / STEPS:
            counted.append(_Together(now))
        counted[-1].calls += 1
        counted[-1].last_at = now
        return None

    def _make_room(self, now: float) -> None:
        """Forget who has not called for a window, once there are too many."""
        if len(self._counts) >= self._most_clients:
            since = now - self._window_seconds
            self._counts = {c: t for c, t in self._counts.items() if t and t[-1].last_at > since}


class NoRateGuard(RateGuard):
    """Lets everything through: the guard is switched off."""

    def seconds_to_wait(self, project_id: str, client_address: str) -> int | None:
        """Nothing to wait for."""
        return None
