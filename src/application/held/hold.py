"""What is held of an item, and which messages of a person wait together."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from application.ports.held_archive import HeldArchive
from domain.capture import Capture, NotKept, NotKeptBecause, Outcome
from domain.held import PLAN_LIMIT_REACHED, UNREADABLE, HeldCall
from domain.identity import Identity
from domain.lead import LeadDetails

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


def hold_unreadable(capture: Capture, raw: str, *, origin: str | None = None) -> HeldCall:
    """
    An item that could not be read, whose text is *raw*; the same text again is the same item.

    Where *capture* says something that could be read, its release begins with that.
    """
    says_something = capture.identities or capture.message or capture.details.present()
    held_id, body = _held_id(capture.capture_id), _storable(raw)
    once = _once_of_text(capture.channel, body)
    kept = replace(capture, capture_id=held_id, identities=capture.identities or (_itself(once),))
    return HeldCall(
        held_id=held_id,
        project_id=capture.project_id,
        channel=capture.channel,
        code=UNREADABLE,
        at=capture.captured_at,
        request_id=capture.request_id,
        origin=_storable(origin) if origin else None,
        body=body,
        once=once,
        capture=kept if says_something and _is_storable(capture) else None,
    )


def to_capture(call: HeldCall, project_id: str | None = None) -> Capture:
    """What becomes a lead of *call*, in another project if that is given; the same each time."""
    capture = call.capture or Capture(
        capture_id=call.held_id,
        project_id=call.project_id,
        channel=call.channel,
        captured_at=call.at,
        request_id=call.request_id,
        details=LeadDetails(),
        identities=(_itself(call.once),),
    )
    if call.capture is None or (capture.message is None and _was_never_read(call)):
        attributes = {**capture.details.attributes, UNREADABLE_ATTRIBUTE: call.body}
        capture = replace(capture, details=replace(capture.details, attributes=attributes))
    return replace(capture, project_id=project_id or call.project_id)


def _was_never_read(call: HeldCall) -> bool:
    """Whether it was unreadable from the start; other calls become so, with all they say."""
    return call.once == _once_of_text(call.channel, call.body)


def _once_of_text(channel: str, text: str) -> str:
    return _hash(channel, "raw", text)


def _itself(once: str) -> Identity:
    """The identity of an item of nobody: brought again, it is known."""
    return Identity(UNREADABLE_ATTRIBUTE, once)


def _held_id(item_id: str) -> str:
    """Sorts as the calls came, then as their items were read."""
    return f"held_{item_id.removeprefix('req_')}"


def _once(capture: Capture) -> str:
    if message := capture.message:
        # With its text: a placeholder's content comes under the same id, and would be lost.
        return _hash(capture.channel, "message", message.message_id, message.raw)
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
        for text in texts:
            text.encode()
        json.dumps(capture.details.present(), ensure_ascii=False, allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError):  # UnicodeEncodeError is a ValueError
        return False
    return True


def _storable(text: str) -> str:
    """*text* with a question mark for half a character, which UTF-8 cannot say."""
    return text.encode("utf-8", "replace").decode()


Attempts = Sequence[tuple[Capture, Outcome]]
NOBODY_KNOWN, PLAN_FULL = NotKept(NotKeptBecause.NOBODY_KNOWN), NotKept(NotKeptBecause.PLAN_FULL)


async def wait_together(archive: HeldArchive, attempts: Attempts) -> list[Outcome]:
    """
    The outcomes of *attempts*, where an edit or a revocation has the fate of its message.

    It opens no lead, and of a person whom nobody knows it is ignored. But of somebody who waits
    for a place, in these attempts or in *archive*, something would be lost of what becomes a
    lead later: for that, too, there is no place yet.

    One query for a project and channel, and none where no such message is nobody's.

    Raises:
        StorageUnavailable: It is not known who waits.
    """
    waiting: dict[tuple[str, str], set[Identity]] = defaultdict(set)
    for capture, outcome in attempts:
        if outcome == PLAN_FULL:
            waiting[_where(capture)].update(capture.identities)
    changes = [capture for capture, outcome in attempts if _is_nobodys(capture, outcome)]
    for project_id, channel in {_where(capture) for capture in changes}:
        held = await archive.persons(project_id, channel, PLAN_LIMIT_REACHED)
        waiting[project_id, channel].update(held)
    return [
        PLAN_FULL
        if _is_nobodys(capture, outcome)
        and not waiting[_where(capture)].isdisjoint(capture.identities)
        else outcome
        for capture, outcome in attempts
    ]


def _is_nobodys(capture: Capture, outcome: Outcome) -> bool:
    return outcome == NOBODY_KNOWN and capture.message is not None


def _where(capture: Capture) -> tuple[str, str]:
    return capture.project_id, capture.channel
