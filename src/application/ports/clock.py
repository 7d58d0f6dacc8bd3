"""The two clocks of the machine."""

from abc import abstractmethod
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """What time it is, and how long something took."""

    @abstractmethod
    def now(self) -> datetime:
        """The wall clock: aware UTC, cut to the millisecond. It may jump."""

    @abstractmethod
    def monotonic(self) -> float:
        """Seconds since some moment; never goes back. For ages and deadlines."""
