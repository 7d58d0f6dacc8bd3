import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.idempotency import fingerprint_of, parse_key
from domain.json_value import JsonObject
from domain.lead import LeadDetails
from domain.lead_validation import read_details
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


@pytest.mark.parametrize(
    "header",
    [
        "",
        "  \t",
        '""',
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

    assert 1 <= len(key) <= 255


def fingerprint(body: JsonObject) -> bytes:
    return fingerprint_of(read_details(body, lambda _: True))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"name": "Ada", "phone": "1"}, {"phone": "1", "name": "Ada"}),
        ({"name": "Ada"}, {"name": "  Ada\n"}),
        ({"name": "Ada"}, {"name": "Ada", "email": None, "phone": "", "utm": {}}),
        ({"name": "Ada"}, {"name": "Ada", "page_trail": [], "attributes": {}}),
        ({"plan": "pro"}, {"attributes": {"plan": "pro"}}),
        ({"attributes": {"a": 1, "b": {"c": 2, "d": 3}}}, {"b": {"d": 3, "c": 2}, "a": 1}),
        ({}, {"name": " "}),
    ],
)
def test_leads_that_are_the_same_after_normalising_share_a_fingerprint(
    one: JsonObject, other: JsonObject
) -> None:
    assert fingerprint(one) == fingerprint(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"name": "Ada"}, {"name": "ada"}),
        ({"name": "Ada"}, {"phone": "Ada"}),
        ({"name": "Ada"}, {"attributes": {"x": "Ada"}}),
        ({"x": 1}, {"x": "1"}),
        ({"x": 1}, {"x": True}),
        ({"x": 0}, {"x": False}),
        ({"x": 1}, {"x": 1.5}),
        ({"x": {}}, {"x": []}),
        ({"x": [1, 2]}, {"x": [2, 1]}),
        ({"x": " a"}, {"x": "a"}),
        ({"page_trail": ["a", "b"]}, {"page_trail": ["b", "a"]}),
        ({"page_trail": ["ab"]}, {"page_trail": ["a", "b"]}),
        ({"utm": {"a": 1}}, {"attributes": {"a": 1}}),
    ],
)
def test_different_leads_have_different_fingerprints(one: JsonObject, other: JsonObject) -> None:
    assert fingerprint(one) != fingerprint(other)


def test_a_fingerprint_takes_any_character() -> None:
    details = LeadDetails(name="Łukasz 😀 Ελένη", attributes={"$where": "\udc00", "": None})

    assert len(fingerprint_of(details)) == 32
