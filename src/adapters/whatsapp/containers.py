"""
What stands around the messages of a delivery: entries, changes and values (`payload`).

Every list may hold any number, every key may be missing, and new ones come without notice.
Forwarders and older providers leave some of it out and send `{"contacts": […], "messages": […]}`.
So messages are looked for at every level, and what may be a person's words and is in no place
that is read becomes an item that is held.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from adapters.channel_tools.sent_json import as_dict, as_written, dump
from adapters.whatsapp.payload import SentValue

OBJECT = "whatsapp_business_account"
MESSAGES, STANDBY = "messages", "standby"
MESSAGE_FIELDS = frozenset({MESSAGES, STANDBY})
"""The fields of what a person may have written."""
_INNER = ("entry", "changes", "value")
"""What a delivery, an entry and a change should have, in this order."""
_SAYS_NOTHING = frozenset({"object", "id", "time", "field", "messaging_product", *_INNER})
"""The keys of these in which no person writes, or that are looked into."""
_WORDS = frozenset({"from", "wa_id", "phone", "message", "text", "body", "caption", "content"})
"""Keys beside which a single text may be what a person wrote."""
DEEPEST = 5
"""How many containers, one in the other, are looked into where they are in no place of theirs."""

_MESSAGES_KEY = re.compile(r'messages\\*"\s*:')
_STATUSES_KEY = re.compile(r'statuses\\*"\s*:')


@dataclass(frozen=True, slots=True)
class Change:
    """One event, in a field of the account's."""

    field: str
    value: SentValue


@dataclass(frozen=True, slots=True)
class Misplaced:
    """What a change should hold, where a delivery, an entry or a change itself stands."""

    value: SentValue


@dataclass(frozen=True, slots=True)
class Odd:
    """What stands where a list or an object was expected, or without the one in it, as JSON."""

    raw: str


Found = Change | Misplaced | Odd


def is_ours(payload: dict[str, Any]) -> bool:
    """Whether it is WhatsApp's; also one that does not say which product's it is."""
    return (as_written(payload.get("object")) or OBJECT) == OBJECT


def changes_in(payload: dict[str, Any]) -> Iterator[Found]:
    """Every change, in the order of the delivery; without a field it is about messages."""
    for entry in _inside(payload, "entry"):
        for change in _inside(entry, "changes") if isinstance(entry, dict) else [entry]:
            yield from _changes(change) if isinstance(change, dict) else [change]


def _inside(container: dict[str, Any], key: str) -> Iterator[dict[str, Any] | Misplaced | Odd]:
    """The objects under *key*; and what stands beside them, or in their place."""
    yield from objects_in(container.get(key))
    yield from _misplaced_in(container, its_own=key)


def _changes(change: dict[str, Any]) -> Iterator[Found]:
    name, value = _field_of(change), change.get("value")
    if name not in MESSAGE_FIELDS or (value and isinstance(value, dict)):
        yield Change(name, cast("SentValue", as_dict(value)))
    elif may_hold_a_message(value):
        yield Odd(dump(value))
    yield from _misplaced_in(change, its_own="value")
    if name in MESSAGE_FIELDS and isinstance(value, dict):
        yield from _misplaced_in(value, its_own=MESSAGES)


def _misplaced_in(
    container: dict[str, Any], *, its_own: str = "", depth: int = 0
) -> Iterator[Misplaced | Odd]:
    """
    What stands in the wrong place in *container*, as far as a person may have written it.

    Messages are found at whatever level they stand. The caller reads the member *its_own*. If
    that and all other members in which messages may stand are missing, and a person may have
    written what is there, the container is held whole.
    """
    if _field_of(container) not in MESSAGE_FIELDS:
        return
    inner = [container[key] for key in _INNER if key != its_own and container.get(key)]
    has_messages = its_own != MESSAGES and _is_filled_list(container.get(MESSAGES))
    if has_messages:
        yield Misplaced(cast("SentValue", container))
    if depth < DEEPEST:
        for one in inner:
            for found in [one] if isinstance(one, dict) else objects_in(one):
                if isinstance(found, dict):
                    yield from _misplaced_in(found, depth=depth + 1)
                else:
                    yield found
    elif may_hold_a_message(inner):
        yield Odd(dump(container))
    is_read = inner or has_messages or container.get(its_own) or its_own == MESSAGES
    if not is_read and _may_be_somebody_s(container):
        yield Odd(dump(container))


def _is_filled_list(found: Any) -> bool:
    return isinstance(found, list) and bool(found)


def _field_of(container: dict[str, Any]) -> str:
    return as_written(container.get("field")) or MESSAGES


def _may_be_somebody_s(container: dict[str, Any]) -> bool:
    """Whether a person may have written what is in members that no container has."""
    rest = {k: v for k, v in container.items() if k not in _SAYS_NOTHING and v}
    holds = {k: v for k, v in rest.items() if isinstance(v, list | dict)}
    metadata = as_dict(holds.get("metadata"))
    if metadata and not any(isinstance(value, list | dict) for value in metadata.values()):
        del holds["metadata"]
    return may_hold_a_message(holds) or bool(_WORDS & rest.keys())


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
