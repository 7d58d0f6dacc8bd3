"""Whatever stands anywhere in a delivery is no error of ours and spoils no other message."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.whatsapp import WhatsAppChannel
from domain.delivery import Delivery, Inbound, Reading, Unreadable
from domain.message import Message
from entrypoints.channel_contract.examples import EXAMPLES
from entrypoints.channel_contract.item_checks import read
from entrypoints.channel_contract.json_values import (
    JSON_VALUES,
    Path,
    nested,
    paths_of,
    with_value_at,
)
from tests.corpus.cases import CASES
from tests.corpus.forms import FORMS, as_meta

DELIVERIES = [delivery for case in CASES for delivery in case.deliveries if case.people]
PLAIN = [None, True, 0, -1, 1.5, "", "\0", "messages", "12025550147", [], {}, [[]], {"$gt": ""}]
IN_CHANGE, IN_VALUE = 4, 5
"""How much of a path leads to a change and to its value: entry, 0, changes, 0, value."""


def _places() -> Iterator[tuple[Any, Path]]:
    """Each kind of place, where a list has but one, in the first delivery that has it."""
    seen = set()
    for payload in DELIVERIES:
        for path in paths_of(payload):
            kind = tuple("in a list" if isinstance(key, int) else key for key in path)
            if kind not in seen:
                seen.add(kind)
                yield payload, path


PLACES = list(_places())


def _reading(payload: Any, form: str = "meta") -> Reading | None:
    return read(WhatsAppChannel(), Delivery(FORMS[form](payload), {}))


def _messages(reading: Reading) -> set[Message]:
    items = [item for item in reading.items if isinstance(item, Inbound)]
    return {item.message for item in items if item.message}


def _neighbours(payload: Any, touched: Path, reading: Reading | None) -> set[Message]:
    """The messages in *reading*, of *payload*, that have nothing to do with what is *touched*."""
    assert reading is not None
    apart = [
        _at(payload, path)
        for path in paths_of(payload)
        if len(path) == IN_VALUE + 2 and path[IN_VALUE] == "messages"
        if not _concerns(touched, path)
    ]
    # One that does not name its sender depends on the contacts.
    named = [
        one for one in apart if isinstance(one, dict) and {"from", "from_user_id"} & one.keys()
    ]
    return {one for one in _messages(reading) if json.loads(one.raw) in named}


def _at(payload: Any, path: Path) -> Any:
    for key in path:
        payload = payload[key]
    return payload


def _concerns(touched: Path, message: Path) -> bool:
    """Whether it is in the message, or around it, or names the field or the object."""
    within = touched[: len(message)] == message or message[: len(touched)] == touched
    named = touched == (*message[:IN_CHANGE], "field") or touched == ("object",)
    return within or named


def test_a_plain_odd_value_anywhere_spoils_no_other_message() -> None:
    for payload, path in PLACES:
        neighbours = _neighbours(payload, path, _reading(payload))
        for value in PLAIN:
            after = _reading(with_value_at(payload, path, value))

            assert after is not None or not path, (path, value)
            assert after is None or neighbours <= _messages(after), (path, value)


@EXAMPLES
@given(value=JSON_VALUES, data=st.data())
def test_any_value_anywhere_spoils_no_other_message(value: Any, data: st.DataObject) -> None:
    payload = data.draw(st.sampled_from(DELIVERIES))
    path = data.draw(st.sampled_from(list(paths_of(payload))))

    after = _reading(with_value_at(payload, path, value), "plain")

    assert after is not None or not path
    assert after is None or _neighbours(payload, path, _reading(payload)) <= _messages(after)


@EXAMPLES
@given(value=JSON_VALUES, data=st.data())
def test_any_value_in_one_change_leaves_the_items_of_another_as_they_are(
    value: Any, data: st.DataObject
) -> None:
    payload, other = data.draw(st.sampled_from(DELIVERIES)), data.draw(st.sampled_from(DELIVERIES))
    path = data.draw(st.sampled_from(list(paths_of(payload.get("entry")))))
    odd = with_value_at(payload.get("entry"), path, value)
    alone = _reading(other)
    assert alone is not None

    for entries in ([odd, *other["entry"]], [*other["entry"], odd]):
        reading = _reading({"entry": entries})
        assert reading is not None
        assert all(item in reading.items for item in alone.items)


def test_deep_nesting_anywhere_is_no_error() -> None:
    for payload, path in PLACES:
        _reading(with_value_at(payload, path, nested(600)))


DEEP = b"[" * 300 + b"1" * 30 + b"]" * 300
"""More levels than fast writers take, around a number that no machine word holds."""
MARK = "here"


def _bytes_kept(body: bytes) -> int:
    """How much the raw texts of a delivery take together, in UTF-8."""
    reading = read(WhatsAppChannel(), Delivery(body, {}))
    items = reading.items if reading else ()
    raws = [
        item.raw if isinstance(item, Unreadable) else item.message.raw if item.message else ""
        for item in items
    ]
    return sum(len(raw.encode()) for raw in raws)


@EXAMPLES
@given(value=JSON_VALUES, copies=st.integers(1, 20), data=st.data())
def test_what_is_kept_of_a_delivery_is_no_more_than_was_sent(
    value: Any, copies: int, data: st.DataObject
) -> None:
    payload = data.draw(st.sampled_from(DELIVERIES))
    path = data.draw(st.sampled_from(list(paths_of(payload))))
    odd = with_value_at(payload, path, [[value, MARK, {"a": MARK}]] * copies)
    body = FORMS[data.draw(st.sampled_from(list(FORMS)))](odd).replace(b'"here"', DEEP)

    assert _bytes_kept(body) <= 3 * len(body) + 1000


@pytest.mark.parametrize("inside", [b"", "é".encode() * 1000], ids=["deep", "deep, with a text"])
@pytest.mark.parametrize("name", ["id", "odd"])
def test_many_deep_messages_keep_no_more_than_was_sent(name: str, inside: bytes) -> None:
    message = b'{"from":"12025550147","type":"text","%s":"%%d","a":"%s","x":%s}'
    one = message % (name.encode(), inside, DEEP)
    body = b'{"entry":[{"changes":[{"value":{"messages":[%s]}}]}]}' % b",".join(
        one % number for number in range(200)
    )

    assert 0.9 * len(body) < _bytes_kept(body) <= len(body)


@pytest.mark.parametrize(
    "around", ['{"entry":[%s]}', '{"entry":[{"changes":[%s]}]}', '{"entry":[{"changes":[[%s]]}]}']
)
def test_many_deep_odd_containers_keep_no_more_than_was_sent(around: str) -> None:
    body = around.encode() % b",".join([b'["messages",%s]' % DEEP] * 200)

    assert 0.9 * len(body) < _bytes_kept(body) <= len(body)


def test_a_body_cut_anywhere_is_refused_as_a_whole() -> None:
    body = as_meta(DELIVERIES[0])

    for end in range(len(body)):
        assert read(WhatsAppChannel(), Delivery(body[:end], {})) is None


def test_a_neighbour_that_were_lost_would_be_noticed() -> None:
    (case,) = (c for c in CASES if c.name == "contacts_in_another_order")
    first = ("entry", 0, "changes", 0, "value", "messages", 0)
    payload, reading = case.deliveries[0], _reading(case.deliveries[0])

    assert len(_neighbours(payload, ("entry", 0, "id"), reading)) == 3
    assert len(_neighbours(payload, (*first, "id"), reading)) == 2
    assert _neighbours(payload, first[:-1], reading) == set()
