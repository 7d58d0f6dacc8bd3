"""Clocks that a test turns by hand."""

import json
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters.system import SystemClock
from application.ports.clock import Clock
from tests.support.builders import NOW


class StillClock(Clock):
    """Stands still until a test calls `advance`; for use cases in the process of the test."""

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


SETTING = "TEST_CLOCK"
AHEAD = "TEST_CLOCK_AHEAD_SECONDS"


@dataclass(frozen=True)
class Pace:
    """
    What a clock showed at a moment of the machine's, and how it goes on.

    Attributes:
        shown: Seconds since the epoch that it showed.
        at: Seconds since the epoch by the machine when it did.
        speed: How many of its seconds go by in one of the machine's.
    """

    shown: float
    at: float
    speed: float = 1


class MovingClock(SystemClock):
    """
    Goes on by itself; for servers, whose time a test sets through a file (`set_clock`).

    It reads its pace from the file whenever it is asked, and is some seconds ahead or behind.
    """

    def __init__(self, path: Path, ahead_seconds: float) -> None:
        self._path = path
        self._ahead = timedelta(seconds=ahead_seconds)

    def now(self) -> datetime:
        pace = Pace(**json.loads(self._path.read_text()))
        shown = pace.shown + (time.time() - pace.at) * pace.speed
        moment = datetime.fromtimestamp(shown, UTC) + self._ahead
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def set_clock(path: Path, moment: datetime, speed: float = 1) -> None:
    """From now on the clocks that read *path* go on from *moment*; they see the old or the new."""
    pace = Pace(moment.timestamp(), time.time(), speed)
    new = path.with_suffix(".new")
    new.write_text(json.dumps(asdict(pace)))
    new.replace(path)
