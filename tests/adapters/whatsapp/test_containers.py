"""What stands where a list or an object was expected is held, if a person may be in it."""

import json
from typing import Any

import pytest

from domain.delivery import Inbound, Unreadable
from tests.adapters.whatsapp.deliveries.deliveries import (
    NUMBER_ID,
    PHONE,
    a_change,
    a_contact,
    a_delivery,
    a_message,
    read,
    read_messages,
)

NOTHING: list[Any] = [None, "", [], {}, 0, 7, 1.5, True]
STATUSES = {"statuses": [{"id": "wamid.1", "status": "read"}], "contacts": [{"wa_id": "12345"}]}
MESSAGES = {"messages": [a_message()], "statuses": []}
WITHIN_ANOTHER = {"value": MESSAGES, "field": "messages"}
ODD: list[Any] = [
    "text",
    {"a": 1},
    a_message(),
    MESSAGES,
    json.dumps(MESSAGES),
    WITHIN_ANOTHER,
]


def _held(payload: Any) -> list[Any]:
    return [json.loads(i.raw) for i in read(payload).items if isinstance(i, Unreadable)]


@pytest.mark.parametrize("odd", [[x] for x in ODD] + ODD)
def test_a_value_that_is_no_object_is_held(odd: Any) -> None:
    expected = [] if isinstance(odd, dict) else [odd]
    if odd == WITHIN_ANOTHER:
        expected = MESSAGES["messages"]

    assert _held(a_delivery({"field": "messages", "value": odd}, a_change(a_message()))) == expected


@pytest.mark.parametrize("odd", ODD)
def test_messages_that_are_no_list_are_held_as_their_number_s(odd: Any) -> None:
    (item,) = read_messages(messages=odd).items

    assert isinstance(item, Unreadable)
    assert json.loads(item.raw) == odd
    assert item.recipient == NUMBER_ID


@pytest.mark.parametrize("odd", ODD)
def test_changes_and_entries_that_are_no_lists_are_held(odd: Any) -> None:
    assert _held({"entry": odd}) == [odd]
    assert _held({"entry": [{"changes": odd}]}) == [odd]


@pytest.mark.parametrize("odd", [*([x] for x in ODD), "text"])
def test_a_change_or_an_entry_that_is_no_object_is_held_alone(odd: Any) -> None:
    payload = a_delivery(a_change(a_message()), odd)
    payload["entry"].append(odd)

    assert _held(payload) == [odd, odd]
    assert len([item for item in read(payload).items if isinstance(item, Inbound)]) == 1


@pytest.mark.parametrize("nobody", [*NOTHING, STATUSES, [STATUSES], json.dumps(STATUSES)])
def test_nothing_and_statuses_are_nobody_s_and_not_held(nobody: Any) -> None:
    for payload in (
        {"entry": nobody if isinstance(nobody, dict) else [nobody]},
        {"entry": [{"changes": nobody if isinstance(nobody, dict) else [nobody]}]},
        a_delivery({"field": "messages", "value": nobody}),
        a_delivery(a_change(messages=None, statuses=nobody, errors=nobody, user_actions=nobody)),
    ):
        assert _held(payload) == []


def _within(depth: int, value: Any) -> Any:
    for _ in range(depth):
        value = {"value": value}
    return value


LEFT_OUT = {"contacts": [a_contact("Asha", wa_id=PHONE)], "messages": [a_message()]}
"""What a change should hold, without the change."""


@pytest.mark.parametrize(
    "payload",
    [
        LEFT_OUT,
        LEFT_OUT | {"entry": None},
        {"entry": [{"id": "1", **LEFT_OUT}]},
        {"entry": [{"id": "1", "changes": [], **LEFT_OUT}]},
        a_delivery({"field": "messages", **LEFT_OUT}),
        a_delivery({"field": "standby", "value": None, **LEFT_OUT}),
        {"field": "messages", "value": LEFT_OUT},
        {"value": LEFT_OUT},
        {"changes": [{"field": "messages", "value": LEFT_OUT}]},
        {"entry": [{"field": "messages", "value": LEFT_OUT}]},
        a_delivery({"field": "messages", "value": {}, **LEFT_OUT}),
        a_delivery({"field": "messages", "value": {"value": LEFT_OUT}}),
        {"entry": 5, **LEFT_OUT},
        {"entry": [{"id": "1", "changes": []}], **LEFT_OUT},
        {"changes": {"value": {"entry": {"value": LEFT_OUT}}}, "value": {}},
    ],
)
def test_messages_without_what_stands_around_them_are_held_with_all_that_they_say(
    payload: dict[str, Any],
) -> None:
    (item,) = read(payload).items
    (proper,) = read_messages(a_message(), contacts=LEFT_OUT["contacts"]).items

    assert isinstance(item, Unreadable)
    assert isinstance(proper, Inbound)
    assert json.loads(item.raw) == a_message()
    assert (item.identities, item.details) == (proper.identities, proper.details)
    assert item.message == proper.message


@pytest.mark.parametrize(
    "payload",
    [
        {"body": a_delivery(a_change(a_message()))},
        {"from": PHONE, "text": "Hi"},
        {"entry": [{"id": "1", "text": "Hi"}]},
        a_delivery({"field": "messages", "message": a_message()}),
        {"metadata": {"messages": [a_message()]}},
        {"messages": {"0": a_message()}},
        {"entry": [{"value": _within(10, MESSAGES)}]},
    ],
)
def test_what_lacks_its_own_and_may_hold_a_message_is_held_whole(payload: dict[str, Any]) -> None:
    (held,) = _held(payload)

    assert json.dumps(held) in json.dumps(payload)
    assert "Hi" in str(held) or str(a_message()) in str(held)


@pytest.mark.parametrize(
    "payload",
    [
        {"event": "ping", "at": "12:00"},
        {"metadata": {"phone_number_id": NUMBER_ID}},
        LEFT_OUT | {"field": "history"},
        {"changes": [LEFT_OUT | {"field": "smb_message_echoes"}]},
    ],
)
def test_what_is_nobody_s_or_no_new_message_in_another_shape_is_not_held(
    payload: dict[str, Any],
) -> None:
    assert _held(payload) == []


@pytest.mark.parametrize(
    "nobody_s",
    [
        {"type": "system", "system": {"type": "user_changed_number", "wa_id": "12065550133"}},
        {"type": "edit", "edit": {}},
        {"type": "revoke"},
        {"type": "reaction"},
        {"id": "ABGGFlA5Fpa", "type": "text"},
    ],
)
@pytest.mark.parametrize("around", ["entry", "changes", "value", ""])
def test_beside_a_message_in_another_shape_what_makes_no_lead_is_read_as_ever(
    nobody_s: dict[str, Any], around: str
) -> None:
    messages = [a_message(), {"from": PHONE, "id": "wamid.2", **nobody_s}]
    payload = {"messages": messages}

    reading = read({around: [payload]} if around else payload)

    assert _held({around: [payload]} if around else payload) == [a_message()]
    assert not any(i.opens_lead and i.counts for i in reading.items if isinstance(i, Inbound))


@pytest.mark.parametrize("odd", ODD)
def test_what_stands_for_the_object_under_standby_is_held_as_its_number_s(odd: Any) -> None:
    reading = read(a_delivery(a_change(field="standby", messages=None, standby=odd)))

    if isinstance(odd, dict):
        assert [json.loads(i.raw) for i in reading.items if isinstance(i, Unreadable)] == []
    else:
        (item,) = reading.items
        assert isinstance(item, Unreadable)
        assert (json.loads(item.raw), item.recipient) == (odd, NUMBER_ID)


@pytest.mark.parametrize("odd", [*ODD, [a_message()]])
def test_the_odd_value_of_another_field_is_not_held(odd: Any) -> None:
    assert _held(a_delivery({"field": "account_update", "value": odd})) == []
