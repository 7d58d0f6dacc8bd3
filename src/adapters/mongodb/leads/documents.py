"""
Leads and messages as documents.

The objects that a sender fills as it likes (`attributes`, `utm`) are JSON text: any key and any
number comes back as it came, and none is ever read as an operator. So is all that a lead takes
from later captures: each is a text of its own behind those that came before (`later_details`).
"""

from collections.abc import Mapping
from typing import Any

import bson
import orjson
from bson.errors import InvalidDocument

from domain.capture import Capture
from domain.identity import Identity
from domain.json_value import JsonObject
from domain.lead import RULES, AnyObject, Lead, LeadDetails
from domain.leads.filling import (
    LARGEST_FILLED_BYTES,
    MOST_ATTRIBUTES,
    Together,
    filled,
    names_said,
    said_of,
    to_fill,
)
from domain.leads.origin import origin_of
from domain.message import Message

LARGEST_DOCUMENT_BYTES = 16 * 1024 * 1024 - 4096
"""MongoDB's limit, less what a document gets later."""
LARGEST_LEAD_BYTES = LARGEST_DOCUMENT_BYTES - 2 * MOST_ATTRIBUTES * LARGEST_FILLED_BYTES
"""
As it is made; what it takes later has room.

Twice as much, since two processes may fill it at the same moment, neither seeing the other.
"""


_OBJECTS = tuple(name for name, rule in RULES.items() if isinstance(rule, AnyObject))
TOGETHER = "together"
"""Beside what was taken from a later capture; no field of a lead has this name."""


def document_id(capture: Capture) -> str:
    """The `_id` of the capture's lead: chosen once, never changed."""
    return f"{capture.project_id}/{capture.capture_id}"


def name_of_person(channel: str, identity: Identity) -> str:
    """An identity as one string that no other identity of the project has."""
    return orjson.dumps([channel, identity.kind, identity.value]).decode()


def names_of(capture: Capture) -> tuple[str, ...]:
    """
    What a lead made by *capture* is found by, each unique in its project.

    A message without a sender's identity is found by its own id. Else two processes that get it
    at the same moment would make two leads: the unique index of messages comes too late for that.
    """
    if capture.identities:
        return tuple(name_of_person(capture.channel, i) for i in capture.identities)
    if capture.message:
        return (orjson.dumps([capture.channel, capture.message.message_id]).decode(),)
    return ()


def lead_document(capture: Capture, month: str) -> dict[str, Any]:
    """The document of a new lead, without its number and place."""
    document: dict[str, Any] = {
        "_id": document_id(capture),
        "project_id": capture.project_id,
        "channel": capture.channel,
        "captured_at": capture.captured_at,
        "month": month,
        "request_id": capture.request_id,
        "details": _details(capture.details),
        **origin_fields(capture.details),
    }
    if key := capture.idempotency:
        document |= {"idempotency_key": key.key, "idempotency_fingerprint": key.fingerprint}
    if names := names_of(capture):
        document["names"] = list(names)
    return document


def origin_fields(details: LeadDetails) -> dict[str, str]:
    """Where a lead came from, as it is counted; what is not known has no field."""
    origin = origin_of(details)
    fields = {"source": origin.source, "campaign": origin.campaign}
    return {name: value for name, value in fields.items() if value is not None}


def message_document(capture: Capture, lead_id: int) -> dict[str, Any]:
    """The document of the message of *capture*."""
    message = capture.message
    assert message is not None
    return {
        "project_id": capture.project_id,
        "channel": capture.channel,
        "message_id": message.message_id,
        "lead_id": lead_id,
        "type": message.type,
        "text": message.text,
        "sent_at": message.sent_at,
        "request_id": capture.request_id,
        "raw": message.raw,
    }


def encoded(capture: Capture, month: str) -> dict[str, Any] | None:
    """
    The lead's document; None if anything of the capture cannot be stored.

    Each is encoded alone before it joins a batch: one that the driver cannot encode would fail all.
    """
    try:
        document = lead_document(capture, month)
        is_storable = len(bson.encode(document)) <= LARGEST_LEAD_BYTES
        if capture.message:
            size = len(bson.encode(message_document(capture, 0)))
            is_storable &= size <= LARGEST_DOCUMENT_BYTES
    except (InvalidDocument, OverflowError, TypeError, UnicodeEncodeError, ValueError):
        return None  # orjson's JSONEncodeError is a TypeError
    return document if is_storable else None


def said_by(document: Mapping[str, Any]) -> JsonObject:
    """
    What a lead says, as `LeadDetails.present()` gives it.

    Two processes may have added the same thing, neither seeing the other: the first text counts.
    """
    said: JsonObject = {
        name: orjson.loads(value) if isinstance(RULES.get(name), AnyObject) else value
        for name, value in document.get("details", {}).items()
    }
    for text in document.get("later_details", ()):
        later = orjson.loads(text)
        together = tuple(map(frozenset, later.pop(TOGETHER, ())))
        said = filled(said, to_fill(said, later, together))
    return said


def later_details(taken: JsonObject, later: JsonObject, together: Together) -> str:
    """
    What a lead has *taken* of what one *later* capture says, as it stands in its document.

    Two processes may each add the ad of another message, neither seeing the other. A reader must
    not mix them, the click id of one with the headline of the other. So with what was taken stands
    all that belongs together with it, and which names those are.
    """
    names = frozenset(names_said(taken))
    sets = [one for one in together if not one.isdisjoint(names)]
    if not sets:
        return orjson.dumps(taken).decode()
    whole = filled(taken, said_of(later, frozenset[str]().union(*sets)))
    return orjson.dumps({**whole, TOGETHER: [sorted(one) for one in sets]}).decode()


def lead_of(
    document: dict[str, Any], messages: tuple[Message, ...], joined_into: int | None = None
) -> Lead:
    """The lead that a document is."""
    return Lead(
        project_id=document["project_id"],
        lead_id=document["lead_id"],
        channel=document["channel"],
        captured_at=document["captured_at"],
        request_id=document["request_id"],
        details=LeadDetails.of(said_by(document)),
        messages=messages,
        joined_into=joined_into,
    )


def message_of(document: dict[str, Any]) -> Message:
    """The message that a document is."""
    return Message(
        message_id=document["message_id"],
        type=document["type"],
        text=document["text"],
        sent_at=document["sent_at"],
        raw=document["raw"],
    )


def _details(details: LeadDetails) -> JsonObject:
    said = details.present()
    for name in _OBJECTS:
        if name in said:
            said[name] = orjson.dumps(said[name]).decode()
    return said
