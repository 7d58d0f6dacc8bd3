"""What may become a lead, and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from domain.idempotency import Idempotency
from domain.identity import Identity
from domain.lead import LeadDetails
from domain.message import Message
from domain.plan import Month

MOST_LINKED = 50
"""A person has two or three identities; so many come from somebody who tries what can be done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """
    One call or message that may become a lead.

    Attributes:
        capture_id: Chosen once and never changed: recording it again is harmless.
        is_fresh: Nobody has ever tried to record its id, so that no store needs to look for it.
        counts: Whether its lead holds a place of the month.
        opens_lead: Whether it may make a lead; one that may not (a changed identity, an
            edited message) is kept only with a person who is known already.
        identities: The names that the channel has for the person; none for a REST lead.
        together: Sets of its details of which a known lead takes all or nothing
            (`domain.leads.filling`).
    """

    capture_id: str
    project_id: str
    channel: str
    captured_at: datetime
    request_id: str
    details: LeadDetails
    is_fresh: bool = False
    counts: bool = True
    opens_lead: bool = True
    idempotency: Idempotency | None = None
    identities: tuple[Identity, ...] = ()
    together: tuple[frozenset[str], ...] = ()
    message: Message | None = None

    @property
    def is_unheard_of(self) -> bool:
        """Whether no store can know anything of it, so that it is a new lead without a question."""
        may_be_known = self.idempotency or self.identities or self.message or not self.opens_lead
        return self.is_fresh and not may_be_known


@dataclass(frozen=True, slots=True)
class Batch:
    """
    Captures of any projects that are recorded together, in this order.

    Attributes:
        month: The one whose places they take.
        limits: Each project's monthly limit; None for no limit.
    """

    month: Month
    captures: Sequence[Capture]
    limits: Mapping[str, int | None]


class KeptAs(Enum):
    """How a capture came to its lead."""

    NEW = auto()
    """It made the lead."""
    REPLAYED = auto()
    """Its idempotency key names the lead, which is the same."""
    KNOWN_PERSON = auto()
    """Its person has the lead; the message, if any, was added to it."""
    KNOWN_MESSAGE = auto()
    """Its message was kept before."""


class NotKeptBecause(Enum):
    """Why a capture has no lead."""

    PLAN_FULL = auto()
    """Every place of the month is taken."""
    KEY_REUSED = auto()
    """Its idempotency key names another lead."""
    NOBODY_KNOWN = auto()
    """It opens no lead, and none has its identities; that they are one person's is remembered."""
    UNWRITABLE = auto()
    """The store cannot hold it; a defect of ours, since what was validated can be held."""
    UNDECIDED = auto()
    """
    Not known yet: whether a place is free, or whose it is, behind many others of its person.

    Recorded again, it goes on from there.
    """


@dataclass(frozen=True, slots=True)
class Kept:
    """The capture is durable, in the lead *lead_id*, which is joined into no other."""

    lead_id: int
    kept_as: KeptAs


@dataclass(frozen=True, slots=True)
class NotKept:
    """The capture is not kept."""

    because: NotKeptBecause


Outcome = Kept | NotKept
