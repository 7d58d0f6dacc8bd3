"""What a list says of each held call, and all that is known of one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.held import DOMAIN_NOT_ALLOWED, NO_ROOM, HeldCall
from domain.json_value import json_text
from domain.lead import REST, LeadDetails
from entrypoints.console import words
from entrypoints.console.held.reasons import REASONS
from entrypoints.console.held.sources import page_name
from entrypoints.console.leads.links import mailto, tel


@dataclass(frozen=True, slots=True)
class HeldRow:
    """
    One held call in a list.

    Attributes:
        last_at: When it was sent last; the same as *at* where it was sent once.
        tel, mailto: Links that call them or write to them; None where what they left leads nowhere.
        origin: The page, or the address in the channel; empty if it says none.
        arrived_as: The lead that its person has become meanwhile.
    """

    held_id: str
    at: datetime
    last_at: datetime
    times: int
    channel: str
    name: str | None
    phone: str | None
    tel: str | None
    email: str | None
    mailto: str | None
    origin: str
    arrived_as: int | None


def row_of(call: HeldCall, arrived: Mapping[str, int]) -> HeldRow:
    """The row of *call*, with the lead that *arrived* has for it."""
    details = call.capture.details if call.capture else LeadDetails()
    return HeldRow(
        held_id=call.held_id,
        at=call.at,
        last_at=call.last_at or call.at,
        times=call.times,
        channel=words.channel_name(call.channel),
        name=details.name,
        phone=details.phone,
        tel=tel(details.phone or ""),
        email=details.email,
        mailto=mailto(details.email or ""),
        origin=_origin(call),
        arrived_as=arrived.get(call.held_id),
    )


def _origin(call: HeldCall) -> str:
    """Where it came from; of a line that says for what there is no room, that reason in words."""
    origin = call.origin or ""
    if call.code == NO_ROOM and origin in REASONS:
        return REASONS[origin].title
    # Where the page is not why it is held, one that names none is said by its channel.
    is_page = call.channel == REST and (origin or call.code == DOMAIN_NOT_ALLOWED)
    return page_name(origin) if is_page else origin


def read_of(call: HeldCall) -> Sequence[tuple[str, str]]:
    """What was read of *call*: each field and each part of a field, with its value as text."""
    if call.capture is None:
        return ()
    message = call.capture.message
    said = [("message", message.text)] if message and message.text else []
    return [*_parts(call.capture.details.present()), *said]


def _parts(fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in fields.items():
        if isinstance(value, Mapping):
            for part, inner in value.items():
                yield f"{name}.{part}", _text(inner)
        else:
            yield name, _text(value)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json_text(value)
