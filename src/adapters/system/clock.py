"""The machine's clocks."""

import time
from datetime import UTC, datetime

from application.ports.clock import Clock


class SystemClock(Clock):
    """The clocks of the operating system."""

    def now(self) -> datetime:
        """Aware UTC, cut to the millisecond."""
        return datetime.fromtimestamp(time.time_ns() // 1_000_000 / 1000, UTC)

    # Python's own function: each call to the service asks it about ten times.
    monotonic = staticmethod(time.monotonic)
