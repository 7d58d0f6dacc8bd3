"""What somebody wrote, as a conversation: what is no text is named in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from domain.lead import Lead
from domain.message import Message

TEXT = "text"
MESSAGE = "message"
"""The attribute in which forms say what somebody wrote; they send no messages beside the lead."""
TYPES: Mapping[str, str] = MappingProxyType(
    {
        "image": "Picture",
        "video": "Video",
        "audio": "Voice message",
        "document": "Document",
        "sticker": "Sticker",
        "location": "Place on a map",
        "contacts": "Contact card",
        "interactive": "Choice",
        "button": "Choice",
        "order": "Order",
        "edit": "Edited to",
        "revoke": "Deleted a message",
        "unsupported": "Something that WhatsApp does not pass on",
        "unknown": "Something of a kind that nobody named",
        "lead_form": "The form of an ad",
    }
)
"""What a person calls a message, by its type; of any other type its name is said."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """
    One message.

    Attributes:
        kind: What it is if it is more than a text, in words of ours; else empty.
        other_kind: The type of a message that we have no words for, as it was sent; else empty.
    """

    text: str | None
    sent_at: datetime | None
    kind: str = ""
    other_kind: str = ""


def conversation_of(lead: Lead) -> Sequence[Utterance]:
    """What was written, the oldest first."""
    if lead.messages:
        return [_utterance(one) for one in lead.messages]
    written = lead.details.attributes.get(MESSAGE)
    return [Utterance(written, lead.captured_at)] if isinstance(written, str) and written else []


def _utterance(message: Message) -> Utterance:
    kind = "" if message.type == TEXT else TYPES.get(message.type, "")
    other = "" if message.type in {TEXT, *TYPES} else message.type
    return Utterance(message.text, message.sent_at, kind, other)
