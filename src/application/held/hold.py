"""
What is held of an item, and which messages of a person wait together.

First how an item is held, and how it becomes a capture again when it is released. Then
`wait_together`, which decides what of a delivery is held beside those that found no place.

The same item may come again while it is held: the sender heard nothing and sends once more,
perhaps to another process. Each time it gets another `held_id`, which is made from the request,
but the same `once`, which is made from what was sent, and a unique index lets a project hold each
`once` a single time. So nobody has to look first whether the item is held already.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from application.ports.held_archive import HeldArchive
from domain.capture import Capture, NotKept, NotKeptBecause, Outcome
from domain.held import PLAN_LIMIT_REACHED, UNREADABLE, HeldCall
from domain.identity import Identity
from domain.lead import REST, LeadDetails

UNREADABLE_ATTRIBUTE = "unreadable"
"""The attribute in which a lead that was made of something unreadable has its text."""

Attempts = Sequence[tuple[Capture, Outcome]]
NOBODY_KNOWN, PLAN_FULL = NotKept(NotKeptBecause.NOBODY_KNOWN), NotKept(NotKeptBecause.PLAN_FULL)


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

    Where some of it could be read, *capture* has that, and it is kept: when the item is released,
    its lead begins with it.
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
    """
    What becomes a lead of *call*, in another project if that is given.

    It is the same each time, with the same id: a process that is killed after it made the lead
    and before it removed the held call makes no second one when it releases the call again.
    """
    capture = call.capture or Capture(
        capture_id=call.held_id,
        project_id=call.project_id,
        channel=call.channel,
        captured_at=call.at,
        request_id=call.request_id,
        details=LeadDetails(),
        identities=() if call.channel == REST else (_itself(call.once),),
    )
    if call.capture is None or (capture.message is None and _was_never_read(call)):
        attributes = {**capture.details.attributes, UNREADABLE_ATTRIBUTE: call.body}
        capture = replace(capture, details=replace(capture.details, attributes=attributes))
    return replace(capture, project_id=project_id or call.project_id)


def _was_never_read(call: HeldCall) -> bool:
    """Whether it was unreadable when it came; others are moved there later, read as they are."""
    return call.once == _once_of_text(call.channel, call.body)


def _once_of_text(channel: str, text: str) -> str:
    return _hash(channel, "raw", text)


def _itself(once: str) -> Identity:
    """
    An identity for an item that names no person: its own text.

    So the same item, sent again after its release, is found to be that lead's.
    """
    return Identity(UNREADABLE_ATTRIBUTE, once)


def _held_id(item_id: str) -> str:
    """Sorts as the calls came, then as their items were read."""
    return f"held_{item_id.removeprefix('req_')}"


def _once(capture: Capture) -> str:
    if message := capture.message:
        # With its text: a placeholder and its content come under one id, and both are needed.
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


async def wait_together(archive: HeldArchive, attempts: Attempts) -> list[Outcome]:
    """
    The outcomes of *attempts*, where an edit or a revocation waits together with its message.

    An edit opens no lead: while its person has none, it is ignored. But a person who was refused
    for the plan becomes a lead later, and the lead would then have the message as it was before
    the edit. So where the person waits for a place, in these attempts or in *archive*, the edit
    counts as refused for the plan too, and is held with the message.

    It looks in the archive after the attempt, once for each project and channel, and not at all
    where every edit found its person. An edit that overtakes its own message, in another
    process, finds nobody waiting and is ignored, as it is in a month with free places.

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
    """Whether it is an edit or a revocation (they have a message) that found no person."""
    return outcome == NOBODY_KNOWN and capture.message is not None


def _where(capture: Capture) -> tuple[str, str]:
    return capture.project_id, capture.channel
