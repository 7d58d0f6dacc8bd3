"""
A `Capture` as plain JSON values, for stores that keep it as a whole until it becomes a lead.

Moments are ISO 8601 text to the millisecond, bytes are hexadecimal. What is kept with *body*
says nothing twice: a message that is the body itself, megabytes perhaps, is not repeated.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from domain.capture import Capture
from domain.idempotency import Idempotency
from domain.identity import Identity
from domain.json_value import JsonObject
from domain.lead import LeadDetails
from domain.message import Message


def capture_to_json(capture: Capture, body: str) -> JsonObject:
    """What `capture_from_json` makes *capture* of again, with the same *body*."""
    key, message = capture.idempotency, capture.message
    return {
        "capture_id": capture.capture_id,
        "project_id": capture.project_id,
        "channel": capture.channel,
        "captured_at": _text(capture.captured_at),
        "request_id": capture.request_id,
        "details": capture.details.present(),
        "counts": capture.counts,
        "opens_lead": capture.opens_lead,
        "idempotency": _json_of_key(key) if key else None,
        "identities": [[identity.kind, identity.value] for identity in capture.identities],
        "together": [sorted(names) for names in capture.together],
        "message": _json_of(message, body) if message else None,
    }


def capture_from_json(found: Mapping[str, Any], body: str) -> Capture:
    """The capture that `capture_to_json` gave, also when read back from JSON."""
    message = found["message"]
    return Capture(
        capture_id=found["capture_id"],
        project_id=found["project_id"],
        channel=found["channel"],
        captured_at=datetime.fromisoformat(found["captured_at"]),
        request_id=found["request_id"],
        details=LeadDetails.of(found["details"]),
        counts=found["counts"],
        opens_lead=found["opens_lead"],
        idempotency=_key_of(*found["idempotency"]) if found["idempotency"] else None,
        identities=identities_from_json(found["identities"]),
        together=tuple(map(frozenset, found.get("together", ()))),  # not in those of older versions
        message=_message_of(message, body) if message else None,
    )


def identities_from_json(found: Iterable[Sequence[str]]) -> tuple[Identity, ...]:
    """What `capture_to_json` gave as `identities`, also when read back from JSON."""
    return tuple(Identity(kind, value) for kind, value in found)


def _json_of_key(key: Idempotency) -> list[str]:
    fingerprints = (key.fingerprint, key.earlier_fingerprint)
    return [key.key, *(one.hex() for one in fingerprints if one is not None)]


def _key_of(key: str, *fingerprints: str) -> Idempotency:
    """Older versions kept one fingerprint."""
    return Idempotency(key, *map(bytes.fromhex, fingerprints))


def _json_of(message: Message, body: str) -> JsonObject:
    values = {
        "message_id": message.message_id,
        "type": message.type,
        "text": message.text,
        "sent_at": _text(message.sent_at) if message.sent_at else None,
    }
    return values if message.raw == body else values | {"raw": message.raw}


def _message_of(found: Mapping[str, Any], body: str) -> Message:
    sent_at = found["sent_at"]
    return Message(
        message_id=found["message_id"],
        type=found["type"],
        text=found["text"],
        sent_at=datetime.fromisoformat(sent_at) if sent_at else None,
        raw=found.get("raw", body),
    )


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")
