"""A clock that a test turns by hand."""

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
