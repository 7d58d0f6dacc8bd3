"""
A call, or an item of a delivery, that is held, and why.

What is held is no lead yet and takes no place; it waits until its cause is mended.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.capture import Capture


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCall:
    """
    One call, or one item of a delivery, that waits until its cause is mended.

    Attributes:
        held_id: Unique in its project; sorts by when it came.
        code: Why it is held: one of `CODES`.
        at: When it came first, aware UTC.
        origin: Where it came from, as far as it says: a page, or the address in the channel.
        body: As received, as text; bytes that are no UTF-8 are replacement characters in it.
        once: What it is held once by in its project, however often it comes.
        capture: What becomes of it; None where that could not be read. A project may give it
            to another one that it belongs to.
        times: How often it was sent while it waited.
        last_at: When it was sent last, aware UTC; None where it was sent once, at `at`.
        body_base64: The bytes of the body as received, where they are no UTF-8.
    """

    held_id: str
    project_id: str
    channel: str
    code: str
    at: datetime
    request_id: str
    origin: str | None
    body: str
    once: str
    capture: Capture | None
    times: int = 1
    last_at: datetime | None = None
    body_base64: str | None = None

    @property
    def size(self) -> int:
        """What it takes of its project's room, in bytes."""
        return len(self.body.encode()) + len((self.body_base64 or "").encode())


PLAN_LIMIT_REACHED = "PLAN_LIMIT_REACHED"
NUMBER_NOT_LISTED = "NUMBER_NOT_LISTED"
UNREADABLE = "UNREADABLE"
UNPROVEN = "UNPROVEN"
DOMAIN_NOT_ALLOWED = "DOMAIN_NOT_ALLOWED"
VALIDATION_FAILED = "VALIDATION_FAILED"
INVALID_JSON = "INVALID_JSON"
CODES = (
    PLAN_LIMIT_REACHED,
    DOMAIN_NOT_ALLOWED,
    VALIDATION_FAILED,
    INVALID_JSON,
    NUMBER_NOT_LISTED,
    UNREADABLE,
    UNPROVEN,
)
"""Every reason for which something is held."""
RATE_LIMITED = "RATE_LIMITED"
KEY_REVOKED = "KEY_REVOKED"
LINES = (RATE_LIMITED, KEY_REVOKED)
"""
These say that somebody was refused: they have no body and no capture, are not counted as held,
and are never released.
"""
MOST_OF_A_CODE = 10_000
"""
Per project and code. Of what nothing proves no more is taken then; of the others the oldest go.
"""
KEPT_DAYS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldQuery:
    """
    Which held calls of a project are wanted; what is None does not matter.

    Attributes:
        channel: Came through this channel.
        but_channel: Came through any other channel.
        since: Came at this moment or later.
        held_ids: These alone.
    """

    project_id: str
    code: str | None = None
    since: datetime | None = None
    held_ids: Sequence[str] | None = None
    channel: str | None = None
    but_channel: str | None = None


@dataclass(frozen=True, slots=True)
class HeldRoom:
    """
    What a project holds of a code.

    Attributes:
        calls: How many.
        size: Their bytes, as `HeldCall.size` counts them.
    """

    calls: int
    size: int
