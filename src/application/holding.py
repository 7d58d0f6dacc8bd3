"""What is held of an item: as much as it takes to make a lead of it later."""

import hashlib
import json
from dataclasses import replace
from datetime import datetime

from application.ports.held_ledger import HeldCall
from application.ports.lead_ledger import Capture
from domain.held import UNREADABLE
from domain.lead import Identity, LeadDetails

UNREADABLE_ATTRIBUTE = "unreadable"
"""Where a lead that was made of something unreadable has it."""


def hold_capture(capture: Capture, code: str, *, origin: str | None = None) -> HeldCall:
    """*capture* as it is held; one that no store could take is held as unreadable."""
    body = capture.message.raw if capture.message else json.dumps(capture.details.present())
    readable = _is_storable(capture)
    return HeldCall(
        held_id=_held_id(capture.capture_id),
        project_id=capture.project_id,
        channel=capture.channel,
        code=code if readable else UNREADABLE,
        at=capture.captured_at,
        request_id=capture.request_id,
        origin=_storable(origin) if origin else None,
        body=_storable(body),
        once=_once(capture),
        capture=capture if readable else None,
    )


def hold_raw(
    raw: str,
    *,
    item_id: str,
    project_id: str,
    channel: str,
    at: datetime,
    request_id: str,
    origin: str | None,
) -> HeldCall:
    """An item that could not be read; the same text again is the same item."""
    return HeldCall(
        held_id=_held_id(item_id),
        project_id=project_id,
        channel=channel,
        code=UNREADABLE,
        at=at,
        request_id=request_id,
        origin=_storable(origin) if origin else None,
        body=_storable(raw),
        once=_hash(channel, "raw", raw),
        capture=None,
    )


def capture_of(call: HeldCall, project_id: str | None = None) -> Capture:
    """What becomes a lead of *call*, in another project if that is given; the same each time."""
    if call.capture is None:
        return Capture(
            capture_id=call.held_id,
            project_id=project_id or call.project_id,
            channel=call.channel,
            captured_at=call.at,
            request_id=call.request_id,
            details=LeadDetails(attributes={UNREADABLE_ATTRIBUTE: call.body}),
            identities=(Identity(UNREADABLE_ATTRIBUTE, call.once),),  # brought again, it is known
        )
    return replace(call.capture, project_id=project_id or call.project_id)


def _held_id(item_id: str) -> str:
    """Sorts as the calls came, then as their items were read."""
    return f"held_{item_id.removeprefix('req_')}"


def _once(capture: Capture) -> str:
    if capture.message:
        return _hash(capture.channel, "message", capture.message.message_id)
    if capture.identities:
        names = (
            part for one in sorted(capture.identities, key=repr) for part in (one.kind, one.value)
        )
        return _hash(capture.channel, "person", *names)
    return _hash(capture.channel, "call", capture.capture_id)


def _hash(*parts: str) -> str:
    text = json.dumps(parts)  # lone surrogates are escaped, and parts cannot run together
    return hashlib.sha256(text.encode()).hexdigest()


def _is_storable(capture: Capture) -> bool:
    texts = [text for identity in capture.identities for text in (identity.kind, identity.value)]
    if message := capture.message:
        texts += [message.message_id, message.type, message.text or "", message.raw]
    try:
        json.dumps([texts, capture.details.present()], ensure_ascii=False, allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError):  # UnicodeEncodeError is a ValueError
        return False
    return True


def _storable(text: str) -> str:
    """*text* with a question mark for half a character, which UTF-8 cannot say."""
    return text.encode("utf-8", "replace").decode()
