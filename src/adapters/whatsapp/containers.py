"""
What stands around the messages of a delivery.

    {"object": "whatsapp_business_account", "entry": [{"changes": [
        {"field": "messages", "value": {"metadata": {…}, "contacts": […], "messages": […]}}]}]}

Every list may hold any number, every key may be missing, and new ones come without notice
(https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from adapters.whatsapp.json_text import as_text, dump
from domain.sent_json import as_dict

OBJECT = "whatsapp_business_account"
MESSAGES = "messages"

_MESSAGES_KEY = re.compile(r'messages\\*"\s*:')
_STATUSES_KEY = re.compile(r'statuses\\*"\s*:')


@dataclass(frozen=True, slots=True)
class Change:
    """One event, in a field of the account's."""

    field: str
    value: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Odd:
    """What stands where a list or an object was expected, as JSON."""

    raw: str


def is_ours(payload: dict[str, Any]) -> bool:
    """Whether it is not another product's; no name at all is tolerated, as for a field."""
    return (as_text(payload.get("object")) or OBJECT) == OBJECT


def changes_in(payload: dict[str, Any]) -> Iterator[Change | Odd]:
    """Every change, in the order of the delivery; without a field it is about messages."""
    for entry in objects_in(payload.get("entry")):
        if isinstance(entry, Odd):
            yield entry
        else:
            for change in objects_in(entry.get("changes")):
                yield change if isinstance(change, Odd) else _change(change)


def _change(change: dict[str, Any]) -> Change | Odd:
    name = as_text(change.get("field")) or MESSAGES
    value = change.get("value")
    odd = name == MESSAGES and not isinstance(value, dict) and may_hold_a_message(value)
    return Odd(dump(value)) if odd else Change(name, as_dict(value))


def objects_in(value: Any) -> Iterator[dict[str, Any] | Odd]:
    """The objects in a list; what else stands there, or for the list, if a person may be in it."""
    for element in value if isinstance(value, list) else [value]:
        if isinstance(value, list) and isinstance(element, dict):
            yield element
        elif may_hold_a_message(element):
            yield Odd(dump(element))


def may_hold_a_message(odd: Any) -> bool:
    """Whether a person may have written what is in *odd*: it is not empty, nor all statuses."""
    if not odd or not isinstance(odd, str | list | dict):
        return False
    raw = dump(odd)
    return bool(_MESSAGES_KEY.search(raw)) or not _STATUSES_KEY.search(raw)
