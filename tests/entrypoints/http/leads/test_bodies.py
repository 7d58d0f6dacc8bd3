"""What a body may be, over a real socket: parsing, validation, and what is kept."""

import json
from typing import Any

import pytest

from tests.entrypoints.http.conftest import Post, lead_of
from tests.support.stores import Account, Store

SECRET = "zanzibar"  # sent in wrong values; must never come back


def nested(depth: int, leaf: Any = 1) -> Any:
    value = leaf
    for _ in range(depth):
        value = {"k": value}
    return value


def test_what_is_no_json_object_is_invalid_json_and_the_answer_says_where(post: Post) -> None:
    answer = post(f'{{\n "name": "Ada",\n "message": "a "{SECRET}" b"\n}}'.encode())

    assert (answer.status, answer.code) == (400, "INVALID_JSON")
    assert answer.json()["message"] == (
        "The body must be a JSON object in UTF-8. It stops being JSON in line 3, column 17."
    )


INVALID: dict[str, tuple[Any, list[str]]] = {
    "several": ({"name": 1, "email": SECRET, "utm": 3}, ["name", "email", "utm"]),
    "an operator": ({"email": {"$gt": SECRET}}, ["email"]),
    "2^63": ({"attributes": {"n": 2**63}}, ["attributes"]),
    "200 digits": ({"n": 10**200}, ["attributes"]),
    "200 arrays": ({"attributes": {"a": json.loads("[" * 200 + "]" * 200)}}, ["attributes"]),
    "150 objects under an unknown name": ({SECRET: nested(150)}, ["attributes"]),
    "2,001 keys": ({f"k{i}": 1 for i in range(2001)}, ["body"]),
}
"""Of each kind one, and what a parser may alter; `tests/domain` has all that is no lead."""


@pytest.mark.parametrize(("body", "fields"), INVALID.values(), ids=INVALID.keys())
def test_what_is_no_lead_is_422_with_every_wrong_field(
    post: Post, body: Any, fields: list[str]
) -> None:
    answer = post(body)

    assert (answer.status, answer.code) == (422, "VALIDATION_FAILED")
    assert [error["field"] for error in answer.json()["errors"]] == fields
    assert all(error["message"] for error in answer.json()["errors"])


def test_no_answer_repeats_what_was_sent(post: Post) -> None:
    for body, _ in INVALID.values():
        assert SECRET.encode() not in post(body).body
    for body in (f'{{"{SECRET}"'.encode(), f'"{SECRET}"'.encode()):
        assert SECRET.encode() not in post(body).body


KEPT: dict[str, tuple[Any, dict[str, Any]]] = {
    "null, empty and blanks are absent": ({"name": None, "email": "", "phone": "  "}, {}),
    "trimmed": ({"name": " Ada \n", "phone": " 1 "}, {"name": "Ada", "phone": "1"}),
    "emoji": ({"name": "😀 عربى 漢字 a\u202eb"}, {"name": "😀 عربى 漢字 a\u202eb"}),
    "Cyrillic e-mail": ({"email": "a@пример.рф"}, {"email": "a@пример.рф"}),
    "operator keys": (
        {"attributes": {"$where": 1, "a.b": 2, "": 3, "__proto__": {"constructor": 4}}},
        {"attributes": {"$where": 1, "a.b": 2, "": 3, "__proto__": {"constructor": 4}}},
    ),
    "unknown fields": (
        {"shoe_size": "X", "lead_id": 9, "_id": "x", "attributes": {"seats": 1}},
        {"attributes": {"shoe_size": "X", "lead_id": 9, "_id": "x", "seats": 1}},
    ),
    "halves of a pair, NUL": (
        {"name": "A\ud83d", "no\0te": "\0x"},
        {"name": "A\ufffd", "attributes": {"note": "x"}},
    ),
    "64-bit integers": (
        {"attributes": {"a": 2**63 - 1, "b": -(2**63)}},
        {"attributes": {"a": 2**63 - 1, "b": -(2**63)}},
    ),
    "a long number in a text": ({"name": "9" * 30}, {"name": "9" * 30}),
}
"""`tests/domain` and the contract of the ledger have all that is kept as it was sent."""


@pytest.mark.parametrize(("body", "kept"), KEPT.values(), ids=KEPT.keys())
def test_what_is_taken_is_kept_unchanged(
    store: Store, account: Account, post: Post, body: Any, kept: dict[str, Any]
) -> None:
    found = lead_of(store, account, post(body))

    assert {name: v for name, v in found.items() if name not in ("channel", "request_id")} == kept


def test_of_a_repeated_name_the_last_value_counts(
    store: Store, account: Account, post: Post
) -> None:
    answer = post(b'{"email":"a@b.co","email":"x@y.co"}')

    assert lead_of(store, account, answer)["email"] == "x@y.co"
