"""
From an update to a person's message: what Telegram sends, and how it is read.

https://core.telegram.org/bots/api#update

Every member but the ids may be missing, and new ones come with each version of the API: none is
required here, and each is taken only if it is of the kind expected.
"""

from datetime import UTC, datetime
from typing import Any, TypedDict, cast

from adapters.channel_tools.sent_json import as_dict, as_id, as_text, to_text
from domain.delivery import Inbound, Reading, Unreadable
from domain.identity import Identity
from domain.lead import LeadDetails
from domain.message import Message


class SentUser(TypedDict, total=False):
    """A person, or another bot."""

    id: int
    is_bot: bool
    first_name: str
    last_name: str
    username: str
    language_code: str


class SentChat(TypedDict, total=False):
    """Where it was said."""

    id: int
    type: str  # private, group, supergroup, channel


class SentContact(TypedDict, total=False):
    """A contact that was shared: the sender's own, if it has the sender's user id."""

    phone_number: str
    user_id: int


_SentFrom = TypedDict("_SentFrom", {"from": SentUser}, total=False)
"""`from` is a word of Python's; a message in a channel has none."""


class SentMessage(_SentFrom, total=False):
    """One message."""

    message_id: int
    chat: SentChat
    date: int  # seconds since 1970
    edit_date: int
    text: str
    caption: str  # of a photo, a video, a document
    contact: SentContact


class SentUpdate(TypedDict, total=False):
    """The body of one call: one update, which has one of these members or another one."""

    update_id: int
    message: SentMessage
    edited_message: SentMessage


MESSAGE, EDITED = "message", "edited_message"
"""The updates in which a person says something to the bot; all others are ignored."""

NOT_A_PERSONS = frozenset({"group", "supergroup", "channel"})
"""Chats in which people talk to each other and not to the bot."""

CONTENT = ("text", "photo", "voice", "video", "document", "sticker", "contact", "location")
USER_ID = "user_id"
NOBODY = 0
"""The user of samples: Telegram counts from 1."""


def read(update: dict[str, Any]) -> Reading:
    """The message in *update*, a `SentUpdate` as a stranger sent it, if it is a person's."""
    kind = next((kind for kind in (MESSAGE, EDITED) if kind in update), None)
    if kind is None:
        return Reading(ignored=1)
    message = cast("SentMessage", as_dict(update[kind]))
    sender = cast("SentUser", as_dict(message.get("from")))
    chat = cast("SentChat", as_dict(message.get("chat")))
    if sender.get("is_bot") is True or as_text(chat.get("type")) in NOT_A_PERSONS:
        return Reading(ignored=1)
    user_id, chat_id, number = (
        as_id(value) for value in (sender.get("id"), chat.get("id"), message.get("message_id"))
    )
    raw = to_text(update)
    if user_id is None or chat_id is None or number is None:
        return Reading([Unreadable(raw=raw)])
    message_id = f"{chat_id}.{number}"
    if kind == EDITED:
        message_id += f".{as_id(message.get('edit_date')) or 'edited'}"
    said = Message(
        message_id=message_id,
        type=next((content for content in CONTENT if content in message), kind),
        text=as_text(message.get("text")) or as_text(message.get("caption")),
        sent_at=_moment(message.get("date")),
        raw=raw,
    )
    item = Inbound(
        identities=(Identity(USER_ID, user_id),),
        message=said,
        details=_details(message, sender, said.text),
        opens_lead=kind == MESSAGE,
        counts=user_id != str(NOBODY),
    )
    return Reading([item])


def _details(message: SentMessage, sender: SentUser, text: str | None) -> LeadDetails:
    names = (as_text(sender.get(part)) for part in ("first_name", "last_name"))
    contact = as_dict(message.get("contact"))
    is_own = contact.get("user_id") == sender.get("id")
    command, _, start = (text or "").partition(" ")
    attributes = {
        "username": as_text(sender.get("username")),
        "language": as_text(sender.get("language_code")),
        "start": start.strip() if command == "/start" else None,
        "first_message": text,
        "test": as_id(sender.get("id")) == str(NOBODY),
    }
    return LeadDetails(
        name=" ".join(name for name in names if name) or None,
        phone=as_text(contact.get("phone_number")) if is_own else None,
        attributes={name: value for name, value in attributes.items() if value},
    )


def _moment(seconds: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
