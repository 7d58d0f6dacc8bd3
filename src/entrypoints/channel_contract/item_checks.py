"""What the host and the stores rely on, of everything that a channel reads."""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, NoReturn

from application.ports.lead_channel import LeadChannel
from application.receive.check_items import wrong_types
from domain.delivery import Delivery, Inbound, Reading, Unreadable
from domain.message import Message
from domain.refusals import InvalidJson

NOT_AS_A_WHOLE = (
    "a value of an odd type makes read raise InvalidJson: that is for a body that is no JSON object"
)


def strict_json(text: str) -> Any:
    """The value of JSON that every reader takes."""

    def refuse(constant: str) -> NoReturn:
        raise AssertionError(f"{constant} is not JSON")

    try:
        return json.loads(text, parse_constant=refuse)
    except ValueError as error:
        raise AssertionError(f"raw must be JSON text ({error}): {text!r}") from None


def texts_of(value: Any) -> Iterator[str]:
    """Every string in *value*, names of members included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for pair in value.items():
            yield from texts_of(list(pair))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts_of(inner)


def assert_is_storable(what: str, text: str) -> None:
    """Every store takes it: something is in it, no NUL, no half of a surrogate pair."""
    assert text, f"{what} is empty"
    assert "\0" not in text, f"{what} holds a NUL: {text!r}"
    assert not re.search("[\ud800-\udfff]", text), f"{what} holds half a character: {text!r}"


def assert_is_aware_utc(moment: datetime) -> None:
    """Every reader takes it for the same moment, wherever it runs."""
    said = f"sent_at is {moment!r}"
    assert moment.tzinfo, f"{said}: give it its time zone, then .astimezone(UTC)"
    assert moment.utcoffset() == timedelta(0), f"{said}: make it UTC with .astimezone(UTC)"


def assert_can_be_kept(items: Iterable[Inbound | Unreadable]) -> None:
    """What the host may rely on."""
    for item in items:
        assert not (wrong := list(wrong_types(item))), "; ".join(wrong)
        if isinstance(item, Unreadable):
            strict_json(item.raw)
            continue
        for identity in item.identities:
            assert_is_storable("the kind of an identity", identity.kind)
            assert_is_storable(f"an identity ({identity.kind})", identity.value)
        for text in texts_of(item.details.present()):
            assert_is_storable("a detail", text or "-")
        if item.message is not None:
            assert_is_storable("the id of a message", item.message.message_id)
            assert_is_storable("the type of a message", item.message.type)
            assert_is_storable("the text of a message", item.message.text or "-")
            strict_json(item.message.raw)
            if item.message.sent_at is not None:
                assert_is_aware_utc(item.message.sent_at)


def the_item(what: str, channel: LeadChannel, delivery: Delivery) -> Inbound:
    """The one item that is in *delivery*, which is *what*."""
    items = channel.read(delivery).items
    assert len(items) == 1, f"{what} is one item, and read gives {len(items)}"
    assert isinstance(items[0], Inbound), f"{what} can be read, and read gives an Unreadable"
    return items[0]


def the_message(what: str, channel: LeadChannel, delivery: Delivery) -> Message:
    """The message of that item."""
    message = the_item(what, channel, delivery).message
    assert message is not None, f"{what} says something: give its Inbound a message"
    return message


def read(channel: LeadChannel, delivery: Delivery) -> Reading | None:
    """The reading, None for a body that as a whole is not the sender's format."""
    try:
        reading = channel.read(delivery)
    except InvalidJson:
        return None
    assert reading.ignored >= 0, "Reading.ignored counts what is ignored, from 0"
    assert_can_be_kept(reading.items)
    return reading
