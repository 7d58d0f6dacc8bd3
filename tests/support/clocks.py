"""Clocks that a test turns by hand."""

import time
from datetime import datetime, timedelta

from application.ports.clock import Clock
from tests.support.builders import NOW


class StillClock(Clock):
    def __init__(self, now: datetime = NOW) -> None:
        self.time = now
        self.seconds = 1000.0

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return self.seconds

    def advance(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)
        self.seconds += seconds


class ShiftedMonotonic:
    """The machine's monotonic clock, as if further seconds had gone by."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.seconds

    def advance(self, seconds: float) -> None:
        self.seconds += seconds
