"""What stands where a list or an object was expected is held, if a person may be in it."""

import json
from typing import Any

import pytest

from application.ports.lead_channel import Inbound, Unreadable
from tests.adapters.whatsapp.deliveries import (
    NUMBER_ID,
    a_change,
    a_delivery,
    a_message,
    read,
    read_messages,
)

NOTHING: list[Any] = [None, "", [], {}, 0, 7, 1.5, True]
STATUSES = {"statuses": [{"id": "wamid.1", "status": "read"}], "contacts": [{"wa_id": "12345"}]}
MESSAGES = {"messages": [a_message()], "statuses": []}
ODD: list[Any] = [
    "text",
    {"a": 1},
    a_message(),
    MESSAGES,
    json.dumps(MESSAGES),
    {"value": MESSAGES, "field": "messages"},
]


def _held(payload: Any) -> list[Any]:
    return [json.loads(i.raw) for i in read(payload).items if isinstance(i, Unreadable)]


@pytest.mark.parametrize("odd", [[x] for x in ODD] + ODD)
def test_a_value_that_is_no_object_is_held(odd: Any) -> None:
    expected = [] if isinstance(odd, dict) else [odd]

    assert _held(a_delivery({"field": "messages", "value": odd}, a_change(a_message()))) == expected


@pytest.mark.parametrize("odd", ODD)
def test_messages_that_are_no_list_are_held_as_their_number_s(odd: Any) -> None:
    (item,) = read_messages(messages=odd).items

    assert isinstance(item, Unreadable)
    assert json.loads(item.raw) == odd
    assert item.addressee == NUMBER_ID


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


@pytest.mark.parametrize("odd", [*ODD, [a_message()]])
def test_the_odd_value_of_another_field_is_not_held(odd: Any) -> None:
    assert _held(a_delivery({"field": "account_update", "value": odd})) == []
