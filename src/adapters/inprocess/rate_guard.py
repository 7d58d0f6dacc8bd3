"""Rate windows in this process's memory."""

from collections.abc import Callable
from math import ceil

from application.ports.clock import Clock
from application.ports.rate_guard import RateGuard

MOST_CLIENTS = 100_000
"""Counters kept at a time; beyond it, newcomers of a window are let through uncounted."""


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


class NoRateGuard(RateGuard):
    """Lets everything through: the guard is switched off."""

    def seconds_to_wait(self, project_id: str, client_address: str) -> int | None:
        """Nothing to wait for."""
        return None
