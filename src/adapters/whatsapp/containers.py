"""
What stands around the messages of a delivery.

    {"object": "whatsapp_business_account", "entry": [{"changes": [
        {"field": "messages", "value": {"metadata": {…}, "contacts": […], "messages": […]}}]}]}

Every list may hold any number, every key may be missing, and new ones come without notice
(https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components).

Forwarders and older providers leave some of it out and send `{"contacts": […], "messages": […]}`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from adapters.whatsapp.json_text import as_text, dump
from domain.sent_json import as_dict

OBJECT = "whatsapp_business_account"
MESSAGES, STANDBY = "messages", "standby"
MESSAGE_FIELDS = frozenset({MESSAGES, STANDBY})
"""The fields of what a person may have written."""
_AROUND = frozenset(
    {"object", "entry", "id", "time", "changes", "field", "value", "messaging_product", "metadata"}
)
"""The keys of a delivery, an entry or a change that hold nobody's words themselves."""

_MESSAGES_KEY = re.compile(r'messages\\*"\s*:')
_STATUSES_KEY = re.compile(r'statuses\\*"\s*:')


@dataclass(frozen=True, slots=True)
class Change:
    """One event, in a field of the account's."""

    field: str
    value: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Misplaced:
    """What a change should hold, where a delivery, an entry or a change itself stands."""

    value: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Odd:
    """What stands where a list or an object was expected, or without the one in it, as JSON."""

    raw: str


Found = Change | Misplaced | Odd


def is_ours(payload: dict[str, Any]) -> bool:
    """Whether it is not another product's; no name at all is tolerated, as for a field."""
    return (as_text(payload.get("object")) or OBJECT) == OBJECT


def changes_in(payload: dict[str, Any]) -> Iterator[Found]:
    """Every change, in the order of the delivery; without a field it is about messages."""
    for entry in _within(payload, "entry"):
        if isinstance(entry, dict):
            for change in _within(entry, "changes"):
                yield from _changes(change) if isinstance(change, dict) else [change]
        else:
            yield entry


def _within(container: dict[str, Any], key: str) -> Iterator[dict[str, Any] | Misplaced | Odd]:
    return objects_in(container[key]) if container.get(key) else _without_its_own(container)


def _changes(change: dict[str, Any]) -> Iterator[Found]:
    name = as_text(change.get("field")) or MESSAGES
    value = change.get("value")
    if name not in MESSAGE_FIELDS or isinstance(value, dict):
        yield Change(name, as_dict(value))
    elif not value:
        yield from _without_its_own(change)
    elif may_hold_a_message(value):
        yield Odd(dump(value))


def _without_its_own(container: dict[str, Any]) -> Iterator[Misplaced | Odd]:
    """What a container holds that lacks what it should; nothing if nobody can be in it."""
    rest = {
        key: value
        for key, value in container.items()
        if key not in _AROUND and value and isinstance(value, str | list | dict)
    }
    if isinstance(rest.get(MESSAGES), list):
        yield Misplaced(container)
    elif may_hold_a_message(rest):
        yield Odd(dump(container))


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
