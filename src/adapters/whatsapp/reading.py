"""
From a delivery to items, one by one.

    {"object": "whatsapp_business_account", "entry": [{"changes": [
        {"field": "messages", "value": {"metadata": {…}, "contacts": […], "messages": […]}}]}]}

Every list may hold any number, every key may be missing, and new ones come without notice
(https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components).
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import orjson

from adapters.whatsapp.contact_names import Names
from adapters.whatsapp.identities import identities_of, phone_of
from adapters.whatsapp.json_text import as_dict, as_list, as_text
from application.ports.lead_channel import Inbound, Reading, Unreadable
from domain.lead import LeadDetails, Message

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
        addressee = as_text(as_dict(value.get("metadata")).get("phone_number_id"))
        names = Names(value)
        ignored += len(as_list(value.get("statuses"))) + len(as_list(value.get("errors")))
        for message in as_list(value.get("messages")):
            if as_text(as_dict(message).get("type")) in NO_PERSON_WROTE:
                ignored += 1
            else:
                items.append(_item(message, _raw(message, body), names, addressee))
    return Reading(items, ignored)


def _values(payload: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if payload.get("object") != OBJECT:
        return
    for entry in as_list(payload.get("entry")):
        for change in as_list(as_dict(entry).get("changes")):
            if as_dict(change).get("field", MESSAGES_FIELD) == MESSAGES_FIELD:
                yield as_dict(as_dict(change).get("value"))


def _item(message: Any, raw: str, names: Names, addressee: str | None) -> Inbound | Unreadable:
    if not isinstance(message, dict):
        return Unreadable(raw=raw, addressee=addressee)
    identities = identities_of(message)
    message_id = as_text(message.get("id"))
    if not identities or message_id is None:
        return Unreadable(raw=raw, addressee=addressee)
    text = as_text(as_dict(message.get("text")).get("body"))
    return Inbound(
        identities=identities,
        message=Message(
            message_id=message_id,
            type=as_text(message.get("type")) or "unknown",
            text=text,
            sent_at=_moment(message.get("timestamp")),
            raw=raw,
        ),
        details=LeadDetails(
            name=names.of(message),
            phone=phone_of(message),
            attributes={FIRST_MESSAGE: text} if text else {},
        ),
        addressee=addressee,
    )


def _raw(message: Any, body: bytes) -> str:
    """The message's JSON; where it is nested deeper than can be written, the whole delivery's."""
    try:
        return orjson.dumps(message).decode()
    except orjson.JSONEncodeError:  # also an integer beyond 64 bits
        pass
    try:
        return json.dumps(message)
    except RecursionError:
        return body.decode("utf-8", "replace")


def _moment(timestamp: Any) -> datetime | None:
    try:
        number = int(timestamp)
        seconds = number / 1000 if number >= _MILLISECONDS_FROM else number
        return datetime.fromtimestamp(seconds, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
