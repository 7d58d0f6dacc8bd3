"""
A lead channel: one outside sender of webhooks, such as WhatsApp.

A channel is one folder `adapters/<name>` whose package has a function `channel()`,
or a `package.module:factory` outside this repository, which the settings of the process name.
"""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

from domain.channel import ChannelSetting, SettingValues
from domain.delivery import SMALL_BODY_BYTES, Delivery, Reading


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
        settings: What a project may set for it.
        checklist: What to look at on the sender's side when nothing arrives, likeliest first;
            a line each, shown with the channel's settings.
        belong_together: Sets of a lead's fields and attributes that describe one thing, such as
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
