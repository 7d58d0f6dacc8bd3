"""One webhook call, and the items that a channel reads in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from domain.identity import Identity
from domain.lead import LeadDetails
from domain.message import Message

SMALL_BODY_BYTES = 64 * 1024
"""The largest lead of a page or server, and what a channel is sent that declares nothing else."""
LARGEST_BODY_BYTES = 4 * 1024 * 1024
"""What no channel can go beyond."""
LONGEST_RECIPIENT = 500
"""Characters; no project can list a longer one, and the host cuts what an item says."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """
    One webhook call as it arrived.

    Attributes:
        body: The raw bytes; a signature is over these and nothing else.
        headers: By lower-case name, the values in the order they came. A value may hold
            lone surrogates where it was not UTF-8.
        query: The parameters of the URL, without the key of ours.
    """

    body: bytes
    headers: Mapping[str, Sequence[str]]
    query: Mapping[str, Sequence[str]] = field(default_factory=dict)


NO_DETAILS = LeadDetails()


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """
    One item of a delivery that concerns one person or one submission.

    Attributes:
        identities: Every name the channel has for the person, or for the one submission.
            At least one; a person is found by any of them, and all are remembered, also while
            none of them has a lead. If they have several leads, those are one person's.
        details: What the lead says if this item makes one; too long a text is cut by the host.
            A lead that is there takes over what it does not say yet, attributes one by one
            but for what belongs together.
        message: What was said; None when the item only says that identities belong together.
        recipient: Whose number it was sent to; compared with settings that are `recipients`.
        opens_lead: False for what matters only if the person has a lead.
        counts: False for test data, which holds no place in the plan.
    """

    identities: tuple[Identity, ...]
    message: Message | None = None
    details: LeadDetails = NO_DETAILS
    recipient: str | None = None
    opens_lead: bool = True
    counts: bool = True

    def __post_init__(self) -> None:
        if not self.identities:
            raise ValueError("an item names at least one identity: without one it is Unreadable")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """
    One item that may have been a person and cannot be read; it is held.

    Attributes:
        raw: Its JSON as text.
        recipient: As of an `Inbound`.
        identities, details, message: What of it can be read all the same. When it is released
            these make the lead, beside *raw*, which becomes an attribute if no message has it.
    """

    raw: str
    recipient: str | None = None
    identities: tuple[Identity, ...] = ()
    details: LeadDetails = NO_DETAILS
    message: Message | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a delivery says; *ignored* counts what is no lead's business (a status, a reaction)."""

    items: Sequence[Inbound | Unreadable] = ()
    ignored: int = 0
