"""
A call, or an item of a delivery, that is held, and why.

What is held is no lead yet and takes no place; it waits until its cause is mended.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from domain.capture import Capture
from domain.json_value import json_text


@dataclass(frozen=True, kw_only=True)  # without slots: its size is kept once it is worked out
class HeldCall:
    """
    One call, or one item of a delivery, that waits until its cause is mended.

    Attributes:
        held_id: Unique in its project; sorts by when it came.
        code: Why it is held: one of `CODES`.
        at: When it came first, aware UTC.
        origin: Where it came from, as far as it says: a page, or the address in the channel.
        body: As received, as text; bytes that are no UTF-8 are read as Windows-1252.
        once: What it is held once by in its project, however often it comes.
        capture: What becomes of it; None where that could not be read. A project may give it
            to another one that it belongs to.
        times: How often it was sent while it waited.
        last_at: When it was sent last, aware UTC; None where it was sent once, at `at`.
        body_base64: The bytes of the body as received, where they are no UTF-8.
        says: What a refused call says, as a digest: all that a project holds with the same one
            becomes one lead. None of what a webhook brought, which knows its person.
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
    says: str | None = None

    @cached_property
    def size(self) -> int:
        """
        What it takes of its project's room, in bytes: its body, and what was read of it.

        What is about as long in every one is left out, such as its ids: that is bounded by how
        many there are.
        """
        texts = [self.body, self.body_base64 or ""]
        if self.capture is not None:
            texts.append(json_text(self.capture.details.present()))
            message = self.capture.message
            if message is not None:
                texts += [message.text or "", "" if message.raw == self.body else message.raw]
        return sum(len(text.encode(errors="surrogatepass")) for text in texts)


class CannotBeHeld(ValueError):
    """
    The store cannot hold these calls; a defect of ours, since what is held can be stored.

    Attributes:
        held_ids: Theirs; the others that were given with them are held.
    """

    def __init__(self, held_ids: Sequence[str]) -> None:
        super().__init__(f"the store cannot hold {', '.join(held_ids)}")
        self.held_ids = held_ids


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
WEBHOOK_CODES = (NUMBER_NOT_LISTED, UNPROVEN)
"""Only what a webhook brought is held for these."""
RATE_LIMITED = "RATE_LIMITED"
KEY_REVOKED = "KEY_REVOKED"
NO_ROOM = "NO_ROOM"
"""Calls that could not be held: the project holds as many as it may of the code in `origin`."""
LINES = (RATE_LIMITED, KEY_REVOKED, NO_ROOM)
"""
These say that somebody was refused: they have no body and no capture, are not counted as held,
and are never released.
"""


@dataclass(frozen=True, slots=True)
class HeldLimits:
    """
    How much may be held, and how long.

    What is held goes by its age, or by an operator's hand: newer calls never push it out, for it
    was acknowledged, or somebody counts on it. Where there is no room, no more is taken.

    Attributes:
        calls: Of each project and code; of lines the newest so many.
        days: So many after it was last sent, each goes.
    """

    calls: int = 10_000
    days: int = 90

    def has_room(self, code: str, room: "HeldRoom") -> bool:
        """Whether a project may hold as much as *room* of *code*."""
        return room.calls <= self.calls and room.size <= _LARGEST.get(code, _LARGEST_OF_OTHERS)


_LARGEST = dict.fromkeys((PLAN_LIMIT_REACHED, NUMBER_NOT_LISTED, UNREADABLE, UNPROVEN), 64 * 2**20)
_LARGEST_OF_OTHERS = 32 * 2**20
"""Of a project and code, in bytes: more of what was acknowledged as held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldQuery:
    """
    Which held calls of a project are wanted; what is None does not matter.

    Attributes:
        channel: Came through this channel.
        but_channel: Came through any other channel.
        origin: Came from exactly this page, or address in the channel; empty: names none.
        since: Sent at this moment or later, for the first time or again.
        held_ids: These alone.
        says: Say one of these.
        newest_first: The order, by when they came; else the oldest is first.
    """

    project_id: str
    code: str | None = None
    since: datetime | None = None
    held_ids: Sequence[str] | None = None
    says: Collection[str] | None = None
    channel: str | None = None
    but_channel: str | None = None
    origin: str | None = None
    newest_first: bool = False


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

    def __add__(self, other: "HeldRoom") -> "HeldRoom":
        return HeldRoom(self.calls + other.calls, self.size + other.size)

    def __sub__(self, other: "HeldRoom") -> "HeldRoom":
        return HeldRoom(self.calls - other.calls, self.size - other.size)
