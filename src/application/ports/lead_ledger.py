"""Where captures become leads, for good."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Protocol

from domain.idempotency import Idempotency
from domain.lead import Identity, LeadDetails, Message
from domain.plan import Month

MOST_LINKED = 50
"""A person has two or three identities; this many are somebody's who tries what they can do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """
    One call or message that may become a lead.

    Attributes:
        capture_id: Chosen once and never changed: recording it again is harmless.
        counts: Whether its lead holds a place of the month.
        opens_lead: Whether it may make a lead; one that may not (a changed identity, an
            edited message) is kept only with a person who is known already.
        identities: The names that the channel has for the person; none for a REST lead.
        together: Sets of its details of which a known lead takes all or nothing
            (`domain.lead_filling`).
    """

    capture_id: str
    project_id: str
    channel: str
    captured_at: datetime
    request_id: str
    details: LeadDetails
    counts: bool = True
    opens_lead: bool = True
    idempotency: Idempotency | None = None
    identities: tuple[Identity, ...] = ()
    together: tuple[frozenset[str], ...] = ()
    message: Message | None = None


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


class How(Enum):
    """How a capture came to its lead."""

    NEW = auto()
    """It made the lead."""
    REPLAYED = auto()
    """Its idempotency key names the lead, which is the same."""
    KNOWN_PERSON = auto()
    """Its person has the lead; the message, if any, was added to it."""
    KNOWN_MESSAGE = auto()
    """Its message was kept before."""


class Why(Enum):
    """Why a capture has no lead."""

    PLAN_FULL = auto()
    """Every place of the month is taken."""
    KEY_REUSED = auto()
    """Its idempotency key names another lead."""
    NOBODY_KNOWN = auto()
    """It opens no lead, and nobody has its identities; that they are one person's is remembered."""
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
    how: How


@dataclass(frozen=True, slots=True)
class NotKept:
    """The capture is not kept."""

    why: Why


Outcome = Kept | NotKept


class LeadLedger(Protocol):
    """
    The one way to make a lead.

    A lead has a `lead_id`, unique in its project: the first is 1, later ones are higher,
    gaps mean nothing. A lead that counts holds a place of its month, between 1 and the
    project's limit, unique in project and month. There is no counter: unique indexes decide,
    whichever processes write at the same time. While a place is free nobody is refused;
    above a lowered limit, as many of the highest free places stay closed as are taken there.

    In a large month it may take several calls to know whether a place is free; until then a
    capture is undecided, and so is what depends on it. Where many captures of a batch depend
    one on the other, the last of them may be undecided, so that the others need not wait.

    Known messages, known persons and known idempotency keys are found before a capture
    is refused for the plan; they take no place.

    A person is all identities that ever came together in one capture, directly or through
    others, in whichever order and however concurrently they came; a capture that was refused
    for the plan tells nothing. What was linked while nobody was known is followed where it is
    no more than `MOST_LINKED` identities: more are no person's. A person has one lead. Where
    two leads turn out to be one person's, the one with the higher number is joined into the
    other, for good: it keeps its number, its place and its messages, and points to the earlier
    lead; what comes later belongs to the earlier one.

    What a lead does not say it takes from later captures of its person, and from leads that
    are joined into it: as `domain.lead_filling` says, attributes one by one, of each the first,
    and what belongs together from one capture or not at all. Nothing that a lead says is ever
    overwritten.

    A known message that says more than before, as one does whose content came late, fills its
    lead too, and gives the kept message its text where that has none. Only its own person can:
    one of whose identities the lead has.

    Attributes:
        is_concurrent: Whether it records batches beside one another. One that does it one after
            the other gets the next when it is done with the last: what waits meanwhile is
            written together, and a slow disk makes large batches, not many.
    """

    is_concurrent: bool = False

    @abstractmethod
    async def record(self, batch: Batch, timeout_seconds: float) -> Sequence[Outcome]:
        """
        Record each capture of *batch* by itself; one that cannot be kept spoils no other.

        When this returns, what is kept is durable: it survives the end of this process
        and of the store. Recording the same captures again gives the same leads.

        Returns:
            The outcomes, in the order of the captures.

        Raises:
            StorageUnavailable: Not done within *timeout_seconds*; unknown for each capture.
        """
