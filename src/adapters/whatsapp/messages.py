"""
From one message to one item.

`item_of` decides what a message is; before it stands how its timestamp is read, after it how the
item is made of its parts.
"""

import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

from adapters.channel_tools.sent_json import as_written, at, dump
from adapters.whatsapp.attribution import attribution_of, source_url_of
from adapters.whatsapp.identity_changes import SYSTEM, changed_in_system_message
from adapters.whatsapp.message_text import text_of, type_of
from adapters.whatsapp.payload import SentMessage
from adapters.whatsapp.samples import marked
from adapters.whatsapp.senders import Sender, Senders
from domain.delivery import Inbound, Unreadable
from domain.identity import Identity
from domain.lead import LeadDetails
from domain.message import Message

FIRST_MESSAGE = "first_message"
NOBODY_WROTE = frozenset({"reaction"})
"""Types that are acknowledged and kept nowhere."""
CHANGED_MESSAGES = frozenset({"edit", "revoke"})
"""What became of an earlier message: kept with a person who has a lead, and never makes one."""
UNSUPPORTED = "unsupported"
"""The type under which others are sent for the time being; `unsupported.type` names them."""
IGNORED = None
"""In the place of an item: it is acknowledged and kept nowhere."""
Item = Inbound | Unreadable
_DIGITS = re.compile(r"[0-9]{1,16}", re.ASCII)
_MILLISECONDS_FROM = 100_000_000_000
"""A timestamp from here on is in milliseconds: as seconds it would lie after the year 5000."""


def moment(timestamp: Any) -> datetime | None:
    """The moment in aware UTC; seconds or milliseconds, a text or a number, else None."""
    number = _number(timestamp)
    if number is None or number < 0:
        return None
    try:
        return datetime.fromtimestamp(
            number / 1000 if number >= _MILLISECONDS_FROM else number, UTC
        )
    except (ValueError, OverflowError, OSError):
        return None


def _number(timestamp: Any) -> float | None:
    if isinstance(timestamp, str) and _DIGITS.fullmatch(timestamp):
        return int(timestamp)
    return timestamp if type(timestamp) in (int, float) else None


def only_identities(identities: tuple[Identity, ...], recipient: str | None) -> Item | None:
    """The item that says that *identities* are one person's."""
    if not identities:
        return IGNORED
    return marked(Inbound(identities=identities, recipient=recipient, opens_lead=False))


def item_of(message: Any, senders: Senders, recipient: str | None) -> Item | None:
    """What *message*, which may be anything, says."""
    kind = as_written(at(message, "type"))
    if kind == SYSTEM:
        return only_identities(changed_in_system_message(message), recipient)
    if kind in NOBODY_WROTE:
        return IGNORED
    if not isinstance(message, dict):
        return Unreadable(raw=dump(message), recipient=recipient)
    sent = cast("SentMessage", message)
    sender = senders.of(sent)
    if sender.identities and as_written(sent.get("id")):
        return _inbound(sent, sender, recipient)
    return None if _changes_another(sent) else _unreadable(sent, sender, recipient)


def unless_it_opens_a_lead(item: Inbound) -> Inbound | Unreadable:
    """*item*; if it would make a lead, it is held with all that was read of it instead."""
    if item.message is None or not item.opens_lead or not item.counts:
        return item
    return Unreadable(
        raw=item.message.raw,
        recipient=item.recipient,
        identities=item.identities,
        details=item.details,
        message=item.message,
    )


def _inbound(message: SentMessage, sender: Sender, recipient: str | None) -> Inbound:
    """The item of a message that has an id and a sender."""
    said = _message(message)
    return marked(
        Inbound(
            identities=sender.identities,
            message=said,
            details=_details(message, sender, said.text),
            recipient=recipient,
            opens_lead=not _changes_another(message),
        )
    )


def _unreadable(message: SentMessage, sender: Sender, recipient: str | None) -> Unreadable:
    """The item of one that lacks its id or its sender; what it does say is kept."""
    said = _message(message)
    details = _details(message, sender, said.text)
    held = Unreadable(raw=said.raw, recipient=recipient)
    if not sender.identities and not details.present():
        return held
    return replace(held, identities=sender.identities, details=details, message=said)


def _message(message: SentMessage) -> Message:
    raw = dump(message)
    return Message(
        message_id=as_written(message.get("id")) or _id_of(raw),
        type=type_of(message),
        text=text_of(message),
        sent_at=moment(message.get("timestamp")),
        raw=raw,
    )


def _id_of(raw: str) -> str:
    """An id for a message without one: the same text again is the same message."""
    return f"unreadable.{hashlib.sha256(raw.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _changes_another(message: Any) -> bool:
    kind = as_written(at(message, "type"))
    if kind == UNSUPPORTED:
        kind = as_written(at(message, UNSUPPORTED, "type"))
    return kind in CHANGED_MESSAGES


def _details(message: SentMessage, sender: Sender, text: str | None) -> LeadDetails:
    ours = {
        FIRST_MESSAGE: text,
        "username": sender.username,
        "country": sender.country,
    }
    return LeadDetails(
        name=sender.name,
        phone=sender.phone,
        source_url=source_url_of(message),
        attributes={k: v for k, v in ours.items() if v} | attribution_of(message),
    )
