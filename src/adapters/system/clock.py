"""The machine's clocks."""

import time
from datetime import UTC, datetime

from application.ports.clock import Clock


class SystemClock(Clock):
    """The clocks of the operating system."""

    def now(self) -> datetime:
        """Aware UTC, cut to the millisecond."""
        now = datetime.now(UTC)
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

    # Python's own function: each call to the service asks it about ten times.
    monotonic = staticmethod(time.monotonic)
