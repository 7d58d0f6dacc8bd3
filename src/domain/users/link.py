"""A link that lets a user in once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

INVITATION_LASTS = timedelta(hours=24)
"""A link at which a password is chosen."""
QUICK_LINK_LASTS = timedelta(minutes=10)
"""A link that signs in by itself: for who tries the program out on one machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInLink:
    """
    What is kept of the link; a user has at most one, and a new one ends the older.

    Attributes:
        digest: Of the token in the link.
        expires_at: Aware UTC.
        sets_password: Whether a password is to be chosen; else the link alone signs in.
    """

    digest: bytes
    expires_at: datetime
    sets_password: bool

    def opens(self, digest: bytes, now: datetime) -> bool:
        """Whether this is the link of the token with that *digest*, and it has not expired."""
        return self.digest == digest and now < self.expires_at


def new_link(digest: bytes, now: datetime, *, sets_password: bool) -> SignInLink:
    """A link from *now* on, with its usual time."""
    lasts = INVITATION_LASTS if sets_password else QUICK_LINK_LASTS
    return SignInLink(digest=digest, expires_at=now + lasts, sets_password=sets_password)
