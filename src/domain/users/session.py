"""A session: one browser in which a user is signed in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

UNUSED_HOURS = 12
LONGEST_DAYS = 30
"""A session ends when it was not used for so many hours, and after so many days in any case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """
    What is kept of a session; moments are aware UTC.

    Attributes:
        digest: Of its token, which the browser alone has.
        last_used_at: To the second.
        generation: The user's when the session began; see `User`.
    """

    digest: bytes
    user_id: str
    created_at: datetime
    last_used_at: datetime
    generation: int = 0

    def has_ended(self, now: datetime) -> bool:
        """Whether it went unused for too long, or is too old; the user may have ended it before."""
        return now - self.last_used_at >= timedelta(
            hours=UNUSED_HOURS
        ) or now - self.created_at >= timedelta(days=LONGEST_DAYS)
