"""How long a caller waits to hear that it is refused, while its body is still to come."""

import random

LEAST_PAUSE_SECONDS, MOST_PAUSE_SECONDS = 0.1, 0.5
"""Without a pause, a few clients that try again without end would take all of the processor."""
EACH_SECONDS = 0.01
"""The time between two refusals: hundreds of clients wait longer, instead of costing more."""
LONGEST_PAUSE_SECONDS = 5.0
"""No client waits longer; of more than 500 at once, more are refused in a second."""


class RefusalPace:
    """The line of one process; a client that waits in it costs a connection and nothing else."""

    def __init__(self) -> None:
        self._last_at = 0.0

    def seconds_to_wait(self, now: float) -> float:
        """Take the next place in the line at *now*, in seconds of the loop's clock."""
        self._last_at = max(self._last_at + EACH_SECONDS, now)
        pause = random.uniform(LEAST_PAUSE_SECONDS, MOST_PAUSE_SECONDS)  # noqa: S311  no secret
        wait = max(pause, self._last_at - now)
        if wait > LONGEST_PAUSE_SECONDS:
            wait, self._last_at = LONGEST_PAUSE_SECONDS, now + LONGEST_PAUSE_SECONDS
        return wait
