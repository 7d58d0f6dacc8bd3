import json
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.whatsapp.reading import MOST_ITEMS
from domain.delivery import Inbound, Unreadable
from domain.identity import Identity
from domain.lead import LeadDetails
from domain.message import Message
from tests.adapters.whatsapp.deliveries.deliveries import (
    NUMBER_ID,
    PHONE,
    SENT,
    a_change,
    a_contact,
    a_delivery,
    a_message,
    message_ids,
    read,
    read_messages,
    read_one,
)

SENT_AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def test_a_text_message_is_read_as_a_whole() -> None:
    message = a_message()
    contacts = [a_contact("Asha", wa_id=PHONE)]

    (item,) = read_messages(message, contacts=contacts).items

    assert isinstance(item, Inbound)
    assert item.message is not None
    assert json.loads(item.message.raw) == message
    assert item == Inbound(
        identities=(Identity("phone", PHONE),),
        message=Message(
            message_id=message["id"], type="text", text="hi", sent_at=SENT_AT, raw=item.message.raw
        ),
        details=LeadDetails(name="Asha", phone=f"+{PHONE}", attributes={"first_message": "hi"}),
        recipient=NUMBER_ID,
    )


def test_every_message_of_every_change_of_every_entry_is_read() -> None:
    numbers = iter(range(100))

    def change() -> dict[str, Any]:
        return a_change(*(a_message(id=f"m{next(numbers)}") for _ in range(2)))

    payload = a_delivery()
    payload["entry"] = [{"changes": [change(), change()]}, {"changes": [change()]}, {}]

    assert message_ids(payload) == [f"m{number}" for number in range(6)]


def test_the_order_of_keys_does_not_matter() -> None:
    payload = a_delivery(a_change(a_message(id="m1")))
    turned = {key: payload[key] for key in reversed(payload)}
    turned["entry"][0]["changes"][0] = dict(reversed(payload["entry"][0]["changes"][0].items()))

    assert message_ids(turned) == ["m1"]


@pytest.mark.parametrize(
    ("timestamp", "moment"),
    [
        (SENT, SENT_AT),
        (int(SENT), SENT_AT),
        (f"{SENT}123", SENT_AT.replace(microsecond=123000)),
        (int(SENT) * 1000, SENT_AT),
        ("0", datetime(1970, 1, 1, tzinfo=UTC)),
        *((odd, None) for odd in (None, "", "soon", "9" * 30, "9" * 5000, 10**300, {}, [], "-1e5")),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_timestamp_is_in_seconds_or_milliseconds_or_unknown(
    timestamp: Any, moment: datetime | None
) -> None:
    message = read_one(timestamp=timestamp).message

    assert message is not None
    assert message.sent_at == moment


@pytest.mark.parametrize(
    "message_type",
    [
        "unsupported",
        "image",
        "order",
        "request_welcome",
        "unknown",
        "ephemeral",
        "from 2030",
        "",
        7,
    ],
)
def test_a_message_of_any_other_type_is_a_person_who_wrote(message_type: Any) -> None:
    errors = [{"code": 131060, "title": "This message is currently unavailable."}]

    item = read_one(type=message_type, text=None, errors=errors)

    assert item.message is not None
    assert item.message.type == (message_type if message_type not in ("", 7) else "unknown")
    assert item.message.text is None
    assert item.details.attributes == {}
    assert item.opens_lead
    assert item.counts


def test_account_fields_have_no_metadata_and_that_is_no_error() -> None:
    change = {"field": "account_update", "value": {"event": "VERIFIED_ACCOUNT"}}

    assert message_ids(a_delivery(change, a_change(a_message(id="m1")))) == ["m1"]


def test_a_message_may_come_without_metadata() -> None:
    (item,) = read_messages(a_message(), metadata=None).items

    assert isinstance(item, Inbound)
    assert item.recipient is None


@pytest.mark.parametrize("number", [10**30, 1.5, True, {}, [NUMBER_ID], "\0"])
def test_an_recipient_that_is_no_id_is_not_none(number: Any) -> None:
    (item,) = read_messages(a_message(), metadata={"phone_number_id": number}).items

    assert isinstance(item, Inbound)
    assert item.recipient == json.dumps(number)


@pytest.mark.parametrize("message_id", [None, "", "\0", 1, {}, []])
def test_a_message_without_an_id_is_unreadable(message_id: Any) -> None:
    message = {**a_message(), "id": message_id}

    (item,) = read_messages(message).items

    assert isinstance(item, Unreadable)
    assert json.loads(item.raw) == message
    assert item.recipient == NUMBER_ID


def test_each_odd_message_is_unreadable_as_itself() -> None:
    odd = [None, 1, "text", [], {}, a_message(**{"from": None}), {"type": []}]

    reading = read_messages(a_message(id="m1"), *odd, a_message(id="m2"))

    assert [json.loads(i.raw) for i in reading.items if isinstance(i, Unreadable)] == odd
    assert [isinstance(item, Inbound) for item in reading.items] == [True] + [False] * 7 + [True]


def test_the_same_message_twice_is_left_to_the_ledger() -> None:
    assert len(read_messages(a_message(), a_message()).items) == 2


@pytest.mark.parametrize("text", [None, {}, {"body": None}, {"body": 1}, {"body": ""}, "hi", []])
def test_a_text_message_may_have_no_text(text: Any) -> None:
    item = read_one(text=text)

    assert item.message is not None
    assert item.message.text is None
    assert item.details.attributes == {}


def test_a_long_text_is_kept_as_it_is() -> None:
    text = "é🙂" * 50_000

    item = read_one(text={"body": text})

    assert item.message is not None
    assert item.message.text == text


def test_of_more_items_than_meta_sends_the_first_are_read_and_the_whole_is_kept_beside() -> None:
    messages = [a_message(id=f"m{number}") for number in range(MOST_ITEMS + 3)]
    payload = a_delivery(a_change(*messages))

    *first, last = read(payload).items

    assert len(first) == MOST_ITEMS
    assert isinstance(last, Unreadable)
    assert json.loads(last.raw) == payload


def test_as_many_items_as_are_read_are_no_reason_to_keep_the_whole() -> None:
    messages = [a_message(id=f"m{number}") for number in range(MOST_ITEMS)]
    reading = read(a_delivery(a_change(*messages)))

    assert len(reading.items) == MOST_ITEMS
    assert all(isinstance(item, Inbound) for item in reading.items)
