"""
From a delivery to items, one by one.

    {"object": "whatsapp_business_account", "entry": [{"changes": [
        {"field": "messages", "value": {"metadata": {…}, "contacts": […], "messages": […]}}]}]}

Every list may hold any number, every key may be missing, and new ones come without notice
(https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components).
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import orjson

from adapters.whatsapp.identities import identities_of, phone_of
from application.ports.lead_channel import Inbound, Reading, Unreadable
from domain.lead import Message

OBJECT = "whatsapp_business_account"
MESSAGES_FIELD = "messages"
FIRST_MESSAGE = "first_message"

NO_PERSON_WROTE = frozenset({"reaction", "system", "edit", "revoke"})
"""Types that are acknowledged and make no lead; every other type, known or not, does."""

_MILLISECONDS_FROM = 100_000_000_000
"""A timestamp from here on is in milliseconds: as seconds it would lie after the year 5000."""


def read(payload: dict[str, Any], body: bytes) -> Reading:
    """Every message of the delivery; what is not about messages counts as ignored."""
    items: list[Inbound | Unreadable] = []
    ignored = 0
    for value in _values(payload):
        addressee = _text(_dict(value.get("metadata")).get("phone_number_id"))
        ignored += len(_list(value.get("statuses"))) + len(_list(value.get("errors")))
        for message in _list(value.get("messages")):
            if _text(_dict(message).get("type")) in NO_PERSON_WROTE:
                ignored += 1
            else:
                items.append(_item(message, _raw(message, body), value, addressee))
    return Reading(items, ignored)


def _values(payload: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if payload.get("object") != OBJECT:
        return
    for entry in _list(payload.get("entry")):
        for change in _list(_dict(entry).get("changes")):
            if _dict(change).get("field", MESSAGES_FIELD) == MESSAGES_FIELD:
                yield _dict(_dict(change).get("value"))


def _item(
    message: Any, raw: str, value: dict[str, Any], addressee: str | None
) -> Inbound | Unreadable:
    if not isinstance(message, dict):
        return Unreadable(raw=raw, addressee=addressee)
    identities = identities_of(message)
    message_id = _text(message.get("id"))
    if not identities or message_id is None:
        return Unreadable(raw=raw, addressee=addressee)
    text = _text(_dict(message.get("text")).get("body"))
    return Inbound(
        identities=identities,
        message=Message(
            message_id=message_id,
            type=_text(message.get("type")) or "unknown",
            text=text,
            sent_at=_moment(message.get("timestamp")),
            raw=raw,
        ),
        name=_name(message, value),
        phone=phone_of(identities),
        attributes={FIRST_MESSAGE: text} if text else {},
        addressee=addressee,
    )


def _raw(message: Any, body: bytes) -> str:
    """The message's JSON; where it is nested deeper than can be written, the whole delivery's."""
    try:
        return orjson.dumps(message).decode()
    except orjson.JSONEncodeError:
        return body.decode()


def _name(message: dict[str, Any], value: dict[str, Any]) -> str | None:
    """The profile name of the contact with the sender's id: contacts come in any order."""
    contacts = [c for c in _list(value.get("contacts")) if isinstance(c, dict)]
    for ours, theirs in (("from_user_id", "user_id"), ("from", "wa_id")):
        for contact in contacts:
            if message.get(ours) and contact.get(theirs) == message[ours]:
                return _text(_dict(contact.get("profile")).get("name"))
    # In Brazil the two forms of a number differ: one contact and one sender are the same person.
    if len(contacts) == 1 and len(_list(value.get("messages"))) == 1:
        return _text(_dict(contacts[0].get("profile")).get("name"))
    return None


def _moment(timestamp: Any) -> datetime | None:
    try:
        number = int(timestamp)
        seconds = number / 1000 if number >= _MILLISECONDS_FROM else number
        return datetime.fromtimestamp(seconds, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str | None:
    """*value* if it is a string with something in it; NUL characters break too many readers."""
    return (value.replace("\0", "") or None) if isinstance(value, str) else None
