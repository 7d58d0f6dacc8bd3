"""Tries to sign in, in this process's memory."""

from datetime import datetime, timedelta
from math import ceil

from application.ports.sign_in_tries import SignInTries

MOST_SUBJECTS = 10_000
"""Beyond it, those whose tries are the oldest are forgotten first."""


class InProcessSignInTries(SignInTries):
    """For what no store may keep, such as addresses; a process that starts knows of none."""

    def __init__(self, most_subjects: int = MOST_SUBJECTS) -> None:
        self._most_subjects = most_subjects
        self._tries: dict[str, list[datetime]] = {}

    async def take(
        self, subject: str, at: datetime, *, window_seconds: int, most: int
    ) -> int | None:
        """Count one more."""
        since = at - timedelta(seconds=window_seconds)
        counted = sorted(moment for moment in self._tries.get(subject, ()) if moment > since)
        if len(counted) >= most:
            return max(1, ceil((counted[-most] - since).total_seconds()))
        self._tries.pop(subject, None)
        self._tries[subject] = [*counted, at]
        while len(self._tries) > self._most_subjects:
            del self._tries[next(iter(self._tries))]
        return None

    async def withdraw(self, subject: str, at: datetime) -> None:
        """Leave one of that moment out."""
        tries = self._tries.get(subject, [])
        if at in tries:
            tries.remove(at)

    async def forget(self, subject: str) -> None:
        """Drop all of them."""
        self._tries.pop(subject, None)
