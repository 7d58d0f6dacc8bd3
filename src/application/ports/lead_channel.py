"""
A lead channel: one outside sender of webhooks, such as WhatsApp.

A channel is one folder `adapters/<name>` whose package has a function `channel()`,
or a `package.module:factory` outside this repository, named in `SWIFTCRM_CHANNELS`.
"""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from application.ports.channel_register import SettingValues
from domain.lead import Identity, LeadDetails, Message

SMALL_BODY_BYTES = 64 * 1024
"""The largest lead of a page or server, and what a channel is sent that declares nothing else."""
LARGEST_BODY_BYTES = 4 * 1024 * 1024
"""What no channel can go beyond."""
LONGEST_ADDRESSEE = 500
"""Characters; no project can list a longer one, and the host cuts what an item says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSetting:
    """
    One thing that a project may tell a channel.

    Attributes:
        name: As in `swiftcrm channel set PROJECT CHANNEL NAME=VALUE`.
        help: One line for the person who sets it.
        at_most: How many values it may have at one time; a secret needs 2, for its rotation.
        pattern: A regular expression that each whole value must match.
        secret: Stored encrypted and never shown again.
        generated: A random value is made when the project has none.
        warning_when_unset: What it means that the project has none, said loudly at every look:
            deliveries can be forged, or are all refused. Empty: nothing worth saying.
        addressees: Its values are this project's addresses in the channel (phone numbers):
            an item whose `addressee` another project lists belongs to that one.
    """

    name: str
    help: str
    at_most: int = 1
    pattern: str = r"[!-~]{1,500}"
    secret: bool = False
    generated: bool = False
    warning_when_unset: str = ""
    addressees: bool = False


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
            At least one; a person is found by any of them, and all are remembered, also when
            nobody is known yet. Leads of different numbers that one item names are one person's.
        details: What the lead says if this item makes one; too long a text is cut by the host.
            What a known person's lead does not say yet is taken over, attributes one by one
            but for what belongs together.
        message: What was said; None when the item only tells that identities belong together.
        addressee: Whose item it is, compared with settings that are `addressees`.
        opens_lead: False for what matters only if the person is known.
        counts: False for test data, which holds no place in the plan.
    """

    identities: tuple[Identity, ...]
    message: Message | None = None
    details: LeadDetails = NO_DETAILS
    addressee: str | None = None
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
        addressee: As of an `Inbound`.
        identities, details, message: What of it can be read all the same. When it is released
            these make the lead, beside *raw*, which becomes an attribute if no message has it.
    """

    raw: str
    addressee: str | None = None
    identities: tuple[Identity, ...] = ()
    details: LeadDetails = NO_DETAILS
    message: Message | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a delivery says; *ignored* counts what is no lead's business (a status, a reaction)."""

    items: Sequence[Inbound | Unreadable] = ()
    ignored: int = 0


@runtime_checkable
class LeadChannel(Protocol):
    """
    Reads one sender's webhooks; knows its vocabulary, and nothing of ours but the port.

    A channel keeps nothing, does no I/O to our stores, and shares no state between calls.
    The host gives it raw bytes, calls `authenticate_head` before the body is read and
    `authenticate` before `read`, keeps repeated deliveries once, cuts what is too long,
    and turns errors into statuses.

    Attributes:
        name: Lower-case letters, digits and `_`; the `channel` of its leads and a part of
            its webhook's URL.
        settings: What a project may tell it.
        checklist: What to look at on the sender's side when nothing arrives, likeliest first;
            a line each, shown with the channel's settings.
        belong_together: Sets of a lead's fields and attributes that tell of one thing, such as
            the ad that was clicked, each with all names that it may have: a known lead takes
            such a set from one item, or nothing of it.
        largest_body_bytes: The largest delivery that its sender makes, up to 4 MiB; a larger
            one is refused unread. Where the secret stands in the body, anybody can make the
            host read so much: keep it small.
    """

    name: str
    settings: Sequence[ChannelSetting]
    checklist: Sequence[str] = ()
    belong_together: Sequence[frozenset[str]] = ()
    largest_body_bytes: int = SMALL_BODY_BYTES

    @abstractmethod
    def answer_challenge(self, query: Mapping[str, str], settings: SettingValues) -> str:
        """
        What to answer, as plain text, when the sender asks whether this URL is ours.

        Must compare tokens in constant time, as bytes.

        Raises:
            domain.refusals.ChallengeIncomplete: A parameter is missing.
            domain.refusals.ChallengeRefused: A parameter is wrong.
            domain.refusals.ChallengeNotOffered: This channel knows no challenge.
        """

    def authenticate_head(self, head: Delivery, settings: SettingValues) -> None:  # noqa: ARG002  refuses nothing
        """
        Return unless *head*, a delivery without its body, shows that it is not the sender's.

        Optional: whoever sends 4 MiB to a webhook should be refused before they are read. A
        secret in a header or the query is judged here; of a signature over the body, that
        there is one; where the secret stands in the body, that the project has one to compare
        it with. The host calls `authenticate` afterwards, with the body.

        Raises:
            domain.refusals.SignatureMismatch: It is not the sender's, whatever the body is.
        """
        return

    @abstractmethod
    def authenticate(self, delivery: Delivery, settings: SettingValues) -> None:
        """
        Return if *settings* prove that the sender sent *delivery*; secrets are readable here.

        Must compare in constant time, as bytes; a signature is over the raw body. Where a
        project has no secret, what that means is the channel's decision, and its settings say so.

        Raises:
            domain.refusals.SignatureMismatch: They do not.
        """

    @abstractmethod
    def read(self, delivery: Delivery) -> Reading:
        """
        Every item of an authentic delivery, an item that cannot be read as itself.

        One odd item must not spoil its neighbours.

        Raises:
            domain.refusals.InvalidJson: The body as a whole is not the sender's format.
        """

    @abstractmethod
    def sample(self, settings: SettingValues) -> Delivery:
        """
        A delivery as the sender would make it for a project with *settings*.

        `authenticate` takes it with the same settings, secrets readable. `read` finds in it one
        item that opens a lead and does not count, of the same person each time, with a message
        of its own each time.
        """
