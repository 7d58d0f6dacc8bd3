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


NOT_JSON = {
    "empty": b"",
    "null": b"null",
    "array": b"[]",
    "number": b"1",
    "string": b'"x"',
    "true": b"true",
    "broken": b"{bad",
    "trailing data": b'{"a":1} x',
    "trailing comma": b'{"a":1,}',
    "NaN": b'{"a":NaN}',
    "Infinity": b'{"a":Infinity}',
    "-Infinity": b'{"a":-Infinity}',
    "1e400": b'{"a":1e400}',
    "400 digits": b'{"a":' + b"9" * 400 + b"}",
    "5,000 digits": b'{"a":' + b"9" * 5000 + b"}",
    "lone surrogate in a value": b'{"a":"\\ud800"}',
    "lone surrogate in a key": b'{"\\udc00":1}',
    "encoded surrogate": b'{"a":"\xed\xa0\x80"}',
    "byte FF": b'{"a":"\xff"}',
    "overlong": b'{"a":"\xc0\xaf"}',
    "byte order mark": b'\xef\xbb\xbf{"a":1}',
    "UTF-16": '{"a":1}'.encode("utf-16"),
    "raw newline in a string": b'{"a":"x\ny"}',
    "leading zero": b'{"a":01}',
    "deeper than a parser goes": b"[" * 30_000,
}


@pytest.mark.parametrize("body", NOT_JSON.values(), ids=NOT_JSON.keys())
def test_what_is_no_json_object_is_invalid_json(post: Post, body: bytes) -> None:
    answer = post(body)

    assert (answer.status, answer.code) == (400, "INVALID_JSON")


INVALID: dict[str, tuple[Any, list[str]]] = {
    "e-mail that is an operator": ({"email": {"$gt": SECRET}}, ["email"]),
    "e-mail in an array": ({"email": [SECRET]}, ["email"]),
    "name true": ({"name": True}, ["name"]),
    "phone a number": ({"phone": 123}, ["phone"]),
    "attributes an array": ({"attributes": [SECRET]}, ["attributes"]),
    "utm a string": ({"utm": SECRET}, ["utm"]),
    "page_trail a string": ({"page_trail": SECRET}, ["page_trail"]),
    "page_trail with a number": ({"page_trail": ["/", 1]}, ["page_trail"]),
    "name of 256": ({"name": "x" * 256}, ["name"]),
    "1,000 combining marks": ({"name": "a" + "\u0301" * 1000}, ["name"]),
    "e-mail of 256": ({"email": "a@" + "b" * 250 + ".com"}, ["email"]),
    "local part of 65": ({"email": "a" * 65 + "@example.com"}, ["email"]),
    "phone of 51": ({"phone": "1" * 51}, ["phone"]),
    "source_url of 2049": ({"source_url": "x" * 2049}, ["source_url"]),
    "referrer of 2049": ({"referrer": "x" * 2049}, ["referrer"]),
    "e-mail without a dot": ({"email": f"{SECRET}@b"}, ["email"]),
    "e-mail with two @": ({"email": "a@@b.co"}, ["email"]),
    "e-mail without a name": ({"email": "@b.co"}, ["email"]),
    "e-mail with a blank": ({"email": "a b@c.co"}, ["email"]),
    "e-mail with a second header": ({"email": "a@b.co\r\nBcc: x@y.co"}, ["email"]),
    "e-mail at an address": ({"email": "a@[127.0.0.1]"}, ["email"]),
    "e-mail of 60 KB": ({"email": "a" * 60_000 + "!"}, ["email"]),
    "NUL in a value": ({"name": "x\0y"}, ["name"]),
    "NUL deep below": ({"utm": {"a": ["x\0y"]}}, ["utm"]),
    "NUL in a key": ({"attributes": {"a\0b": 1}}, ["attributes"]),
    "NUL in an unknown key": ({f"{SECRET}\0": 1}, ["attributes"]),
    "nine levels": ({"attributes": nested(9)}, ["attributes"]),
    "200 arrays": ({"attributes": {"a": json.loads("[" * 200 + "]" * 200)}}, ["attributes"]),
    "150 objects under an unknown name": ({SECRET: nested(150)}, ["attributes"]),
    "201 keys": ({f"k{i}": 1 for i in range(201)}, ["body"]),
    "2^63": ({"attributes": {"n": 2**63}}, ["attributes"]),
    "-2^63-1": ({"attributes": {"n": -(2**63) - 1}}, ["attributes"]),
    "2^64": ({"attributes": {"n": 2**64}}, ["attributes"]),
    "200 digits": ({"n": 10**200}, ["attributes"]),
    "several": ({"name": 1, "email": SECRET, "utm": 3}, ["name", "email", "utm"]),
}


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
    "null and empty are absent": ({"name": None, "email": "", "utm": "", "page_trail": None}, {}),
    "blanks are absent": ({"name": "   "}, {}),
    "trimmed": ({"name": " Ada \n", "phone": " 1 "}, {"name": "Ada", "phone": "1"}),
    "name of 255": ({"name": "x" * 255}, {"name": "x" * 255}),
    "emoji": ({"name": "😀 عربى 漢字"}, {"name": "😀 عربى 漢字"}),
    "bidi": ({"name": "a\u202eb"}, {"name": "a\u202eb"}),
    "formula": ({"name": "=HYPERLINK(1)"}, {"name": "=HYPERLINK(1)"}),
    "markup": ({"name": "<script>alert(1)</script>"}, {"name": "<script>alert(1)</script>"}),
    "SQL": ({"name": "Robert'); DROP TABLE leads--"}, {"name": "Robert'); DROP TABLE leads--"}),
    "tagged e-mail": ({"email": "user+tag@x.co"}, {"email": "user+tag@x.co"}),
    "A-label e-mail": ({"email": "a@xn--e1afmkfd.xn--p1ai"}, {"email": "a@xn--e1afmkfd.xn--p1ai"}),
    "Cyrillic e-mail": ({"email": "a@пример.рф"}, {"email": "a@пример.рф"}),
    "phone as typed": ({"phone": "+1 (555) 010-9999 ext 5"}, {"phone": "+1 (555) 010-9999 ext 5"}),
    "Arabic digits": ({"phone": "٠١٢٣"}, {"phone": "٠١٢٣"}),
    "javascript URL": (
        {"source_url": "javascript:alert(1)"},
        {"source_url": "javascript:alert(1)"},
    ),
    "URL with userinfo": ({"source_url": "http://u:p@h/"}, {"source_url": "http://u:p@h/"}),
    "operator keys": (
        {"attributes": {"$where": 1, "a.b": 2, "": 3, "__proto__": {"constructor": 4}}},
        {"attributes": {"$where": 1, "a.b": 2, "": 3, "__proto__": {"constructor": 4}}},
    ),
    "unknown fields": (
        {"shoe_size": "X", "attributes": {"seats": 1}},
        {"attributes": {"shoe_size": "X", "seats": 1}},
    ),
    "an explicit attribute wins": ({"a": 1, "attributes": {"a": 2}}, {"attributes": {"a": 2}}),
    "ids of the client's": (
        {"lead_id": 9, "_id": "x", "project_id": "p", "captured_at": "t"},
        {"attributes": {"lead_id": 9, "_id": "x", "project_id": "p", "captured_at": "t"}},
    ),
    "eight levels": ({"attributes": nested(8)}, {"attributes": nested(8)}),
    "200 keys": (
        {f"k{i}": 1 for i in range(200)},
        {"attributes": {f"k{i}": 1 for i in range(200)}},
    ),
    "64-bit integers": (
        {"attributes": {"a": 2**63 - 1, "b": -(2**63)}},
        {"attributes": {"a": 2**63 - 1, "b": -(2**63)}},
    ),
    "a long number in a text": ({"name": "9" * 30}, {"name": "9" * 30}),
}


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
