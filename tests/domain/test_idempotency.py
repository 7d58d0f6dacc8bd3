import hashlib
import json
import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.api_key import new_key
from domain.idempotency import (
    _EARLIER_FIELDS,
    Idempotency,
    earlier_fingerprint_of,
    fingerprint_of,
    key_of_sender,
    parse_key,
)
from domain.json_value import JsonObject
from domain.lead import RULES
from domain.refusals import InvalidIdempotencyKey

PRINTABLE = "".join(chr(code) for code in range(0x20, 0x7F))


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("a", "a"),
        ('"a"', "a"),
        ("  a\t", "a"),
        ('\t"a" ', "a"),
        ('" a "', " a "),
        ("a b", "a b"),
        ('"', '"'),
        ('"a', '"a'),
        ('a"', 'a"'),
        ("a" * 255, "a" * 255),
        ('"' + "a" * 255 + '"', "a" * 255),
        (PRINTABLE.strip(), PRINTABLE.strip()),
        (f'"{PRINTABLE}"', PRINTABLE),
    ],
)
def test_a_key_is_taken_bare_or_quoted(header: str, key: str) -> None:
    assert parse_key(header) == key


@pytest.mark.parametrize("header", ["", "  \t", '""', ' "" '])
def test_an_empty_header_is_none(header: str) -> None:
    assert parse_key(header) is None


@pytest.mark.parametrize(
    "header",
    [
        "a" * 256,
        '"' + "a" * 256 + '"',
        "a\tb",
        "a\nb",
        "a\n",
        "a\0",
        "a\x7f",
        "ä",
        "\udcff",
        '"ä"',
        "\u3000",
    ],
)
def test_what_is_not_1_to_255_printable_ascii_characters_is_no_key(header: str) -> None:
    with pytest.raises(InvalidIdempotencyKey):
        parse_key(header)


@given(st.text(string.ascii_letters + string.digits + "-_.:/ ", min_size=1, max_size=255))
def test_a_quoted_key_and_the_bare_one_are_the_same_key(key: str) -> None:
    quoted = parse_key(f'"{key}"')

    assert quoted == key
    assert not key.strip() or parse_key(key.strip()) == key.strip()


@given(st.text(st.characters(exclude_categories=()), max_size=20))
def test_no_header_raises_anything_but_the_refusal(header: str) -> None:
    try:
        key = parse_key(header)
    except InvalidIdempotencyKey:
        return

    assert key is None or 1 <= len(key) <= 255


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"name": "Ada", "phone": "1"}, {"phone": "1", "name": "Ada"}),
        (
            {"attributes": {"a": 1, "b": {"c": 2, "d": 3}}},
            {"attributes": {"b": {"d": 3, "c": 2}, "a": 1}},
        ),
        ({"x": "\u00e9"}, {"x": "é"}),
    ],
)
def test_bodies_that_differ_in_their_order_alone_share_a_fingerprint(
    one: JsonObject, other: JsonObject
) -> None:
    assert fingerprint_of(one) == fingerprint_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"name": "Ada"}, {"name": "ada"}),
        ({"name": "Ada"}, {"name": " Ada"}),
        ({"name": "Ada"}, {"Name": "Ada"}),
        ({"name": "Ada"}, {"name": "Ada", "email": None}),
        ({"plan": "pro"}, {"attributes": {"plan": "pro"}}),
        ({"x": 1}, {"x": "1"}),
        ({"x": 1}, {"x": True}),
        ({"x": 1}, {"x": 1.5}),
        ({"x": {}}, {"x": []}),
        ({"x": [1, 2]}, {"x": [2, 1]}),
        ({"page_trail": ["ab"]}, {"page_trail": ["a", "b"]}),
    ],
)
def test_bodies_that_say_different_json_have_different_fingerprints(
    one: JsonObject, other: JsonObject
) -> None:
    assert fingerprint_of(one) != fingerprint_of(other)


def test_a_fingerprint_takes_any_character() -> None:
    assert len(fingerprint_of({"name": "Łukasz 😀 Ελένη", "$where": "\udc00", "": None})) == 33


STORED_BEFORE: list[tuple[JsonObject, str]] = [
    (
        {"name": "  Ada\n", "email": None, "phone": "", "plan": "pro", "utm": {}, "page_trail": []},
        '{"attributes":{"plan":"pro"},"name":"Ada"}',
    ),
    (
        {"attributes": {"plan": "inner"}, "plan": "outer", "b": [1]},
        '{"attributes":{"b":[1],"plan":"inner"}}',
    ),
    ({"page_trail": ["/", "/é"], "utm": {"a": 1}}, '{"page_trail":["/","/\\u00e9"],"utm":{"a":1}}'),
    ({"name": " "}, "{}"),
]
"""Bodies, and the text whose digest was stored for their leads."""


@pytest.mark.parametrize(("body", "text"), STORED_BEFORE)
def test_a_key_that_was_used_when_read_fields_were_compared_still_names_its_lead(
    body: JsonObject, text: str
) -> None:
    stored = hashlib.sha256(text.encode("ascii")).digest()
    again = Idempotency("key", fingerprint_of(body), earlier_fingerprint_of(body))

    assert again.was_used_for(stored)
    assert again.was_used_for(fingerprint_of(body))
    assert not again.was_used_for(fingerprint_of({**body, "other": 1}))
    assert not again.was_used_for(earlier_fingerprint_of({**body, "other": 1}))


@pytest.mark.parametrize(("body", "text"), STORED_BEFORE)
def test_what_is_stored_now_is_never_taken_for_what_was_stored_before(
    body: JsonObject, text: str
) -> None:
    said = json.loads(text)

    assert earlier_fingerprint_of(body) == earlier_fingerprint_of(said)
    assert not Idempotency("key", b"", earlier_fingerprint_of(body)).was_used_for(
        fingerprint_of(said)
    )


def test_a_senders_own_name_for_a_delivery_is_a_key_that_no_client_can_write() -> None:
    key = key_of_sender({"webhook-id": "msg_1"})

    assert key is not None
    with pytest.raises(InvalidIdempotencyKey):
        parse_key(key)
    assert key != key_of_sender({"svix-id": "msg_1"})
    assert key != key_of_sender({"webhook-id": "msg_2"})


@pytest.mark.parametrize(
    "headers", [{}, {"webhook-id": ""}, {"webhook-id": "é"}, {"webhook-id": "x" * 256}]
)
def test_an_odd_name_for_a_delivery_is_ignored(headers: dict[str, str]) -> None:
    assert key_of_sender(headers) is None


def test_the_earlier_fingerprint_knows_the_fields_of_then_whatever_is_added_later() -> None:
    assert {*RULES} >= _EARLIER_FIELDS
    assert len(_EARLIER_FIELDS) == 8


def test_a_body_may_be_as_deep_as_it_likes() -> None:
    deep: Any = 0
    for _ in range(50_000):
        deep = [deep]

    assert fingerprint_of({"x": deep}) != fingerprint_of({"x": [deep]})


@pytest.mark.parametrize("sent", ["{}", '"{}"', "lead-{}", "{} 7"])
def test_an_api_key_in_an_idempotency_key_is_not_what_is_stored(sent: str) -> None:
    key, other = new_key(), new_key()

    stored = parse_key(sent.format(key))

    assert stored == parse_key(sent.format(key)) != parse_key(sent.format(other))
    assert key not in str(stored)


def test_an_api_key_in_a_senders_name_for_a_delivery_is_not_what_is_stored() -> None:
    key, other = ({"webhook-id": f"msg_{new_key()}"} for _ in range(2))

    assert key_of_sender(key) == key_of_sender(key) != key_of_sender(other)
    assert key["webhook-id"] not in str(key_of_sender(key))
