"""Checks the items that a channel has read; a wrong one does no harm to the others."""

import json
import logging
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from math import isfinite
from typing import Any

from domain.delivery import LONGEST_RECIPIENT, Inbound, Unreadable
from domain.identity import Identity
from domain.json_value import DEEPEST_LEVELS
from domain.lead import RULES, AnyObject, LeadDetails, ListOfStrings, Text
from domain.lead_body.shape import LARGEST_INTEGER, SMALLEST_INTEGER
from domain.message import Message

Wanted = tuple[str, type | tuple[type, ...]]

_TEXT: tuple[type, ...] = (str, type(None))
_OF_UNREADABLE: tuple[Wanted, ...] = (
    ("raw", str),
    ("recipient", _TEXT),
    ("identities", (tuple, list)),
    ("details", LeadDetails),
    ("message", (Message, type(None))),
)
_OF_INBOUND: tuple[Wanted, ...] = (
    ("identities", (tuple, list)),
    ("message", (Message, type(None))),
    ("details", LeadDetails),
    ("recipient", _TEXT),
)
_OF_IDENTITY: tuple[Wanted, ...] = (("kind", str), ("value", str))
_OF_MESSAGE: tuple[Wanted, ...] = (
    ("message_id", str),
    ("type", str),
    ("text", _TEXT),
    ("sent_at", (datetime, type(None))),
    ("raw", str),
)
_OBJECTS = tuple(name for name, rule in RULES.items() if isinstance(rule, AnyObject))
_OF_RULE: dict[type, tuple[type, ...]] = {Text: _TEXT, ListOfStrings: (tuple, list)}
_OF_DETAILS: tuple[Wanted, ...] = tuple(
    (name, _OF_RULE.get(type(rule), (dict,))) for name, rule in RULES.items()
)
"""What the stores take; the channel contract demands the same of every reading."""

log = logging.getLogger("swiftcrm.webhook")


def checked(item: object) -> Inbound | Unreadable:
    """
    *item* with its texts cut to their limits; if it breaks the port's contract, an `Unreadable`.

    Nothing is refused, since the sender could mend nothing by sending it again. Such a defect of
    the channel is logged, and everything that the item says is kept.
    """
    try:
        return _of_right_types(item)
    except Exception:  # whatever it is, the other items are fine
        log.exception("webhook.defect")
        recipient = getattr(item, "recipient", None)
        return Unreadable(
            raw=_raw_of(item), recipient=_short(recipient) if isinstance(recipient, str) else None
        )


def wrong_types(item: Inbound | Unreadable) -> Iterator[str]:
    """What of *item* is of another type than the port says, in words for whoever wrote it."""
    if isinstance(item, Unreadable):
        yield from _wrong(item, Unreadable, _OF_UNREADABLE)
    else:
        yield from _wrong(item, Inbound, _OF_INBOUND)
    for identity in item.identities:
        yield from _wrong(identity, Identity, _OF_IDENTITY)
    if item.message is not None:
        yield from _wrong(item.message, Message, _OF_MESSAGE)
    yield from _wrong(item.details, LeadDetails, _OF_DETAILS)
    if not all(isinstance(page, str) for page in item.details.page_trail):
        yield "LeadDetails.page_trail must hold str"
    for name in _OBJECTS:
        for fault in _faults(getattr(item.details, name)):
            yield f"LeadDetails.{name} holds {fault}"


def _of_right_types(item: Any) -> Inbound | Unreadable:
    for wrong in wrong_types(item):
        raise TypeError(wrong)
    checked: Inbound | Unreadable = item
    return replace(checked, details=_cut(checked.details), recipient=_short(checked.recipient))


def _wrong(value: object, kind: type, wanted: tuple[Wanted, ...]) -> Iterator[str]:
    if not isinstance(value, kind):
        yield f"{_named(value)} where a {kind.__name__} belongs"
        return
    for name, types in wanted:
        found = getattr(value, name)
        if not isinstance(found, types):
            yield f"{kind.__name__}.{name} must be a {_or(types)}, and is a {_named(found)}"


def _faults(value: object) -> Iterator[str]:
    """What in *value* one of the stores cannot keep; iterative, so that depth costs no stack."""
    pending = [(value, 0)]
    while pending:
        found, depth = pending.pop()
        if depth > DEEPEST_LEVELS:
            yield "more levels than can be written"
            return
        if isinstance(found, dict):
            if not all(isinstance(name, str) for name in found):
                yield "a name that is not a str"
            pending.extend((inner, depth + 1) for inner in found.values())
        elif isinstance(found, list | tuple):
            pending.extend((inner, depth + 1) for inner in found)
        elif (fault := _fault_of(found)) is not None:
            yield fault


def _fault_of(found: object) -> str | None:
    match found:
        case int() if not SMALLEST_INTEGER <= found <= LARGEST_INTEGER:
            return "an integer beyond 64 bits: make ids text"
        case float() if not isfinite(found):
            return f"{found}, which is not JSON"
        case None | str() | int() | float():
            return None
    return f"a {_named(found)}, which is not JSON"


def _or(types: type | tuple[type, ...]) -> str:
    names = [t.__name__ for t in (types if isinstance(types, tuple) else (types,))]
    return " or ".join(names).replace("NoneType", "None")


def _named(value: object) -> str:
    return type(value).__name__


def _cut(details: LeadDetails) -> LeadDetails:
    """The details with every text cut to its field's limit."""
    texts: dict[str, Any] = {
        name: (value.strip()[: rule.limit].rstrip() or None)
        for name, rule in RULES.items()
        if isinstance(rule, Text) and (value := getattr(details, name)) is not None
    }
    return replace(details, **texts)


def _short(recipient: str | None) -> str | None:
    """*recipient*, cut if it is too long; even then no project can list it, so none gets it."""
    if recipient is None or len(recipient) <= LONGEST_RECIPIENT:
        return recipient
    return f"{recipient[:LONGEST_RECIPIENT]}…"


def _raw_of(item: object) -> str:
    """What was sent where *item* has it, else all that it says, as JSON."""
    for holder in (item, getattr(item, "message", None)):
        raw = getattr(holder, "raw", None)
        if isinstance(raw, str):
            return raw
    try:
        return json.dumps(item, default=_shown, skipkeys=True)
    except Exception:  # noqa: BLE001  it refers to itself, or cannot even be shown
        return json.dumps(_named(item))


def _shown(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return repr(value)
