import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.internet import PublishedAddressSyntax
from domain.json_value import JsonObject, JsonValue, json_text
from domain.lead import RULES, LeadDetails
from domain.lead_body.reading import read_lead
from domain.lead_body.shape import MAX_KEYS, faults_of
from domain.refusals import InvalidLead

IS_EMAIL = PublishedAddressSyntax().is_email


def errors_of(body: JsonObject) -> dict[str, str]:
    """What is wrong with *body*, by field; empty when it is a lead."""
    try:
        read_lead(body, IS_EMAIL)
    except InvalidLead as refusal:
        return {error.field: error.message for error in refusal.errors}
    return {}


def objects(levels: int, innermost: JsonValue = "x") -> Any:
    """So many objects in each other."""
    for _ in range(levels):
        innermost = {"k": innermost}
    return innermost


def arrays(levels: int) -> Any:
    innermost: JsonValue = 0
    for _ in range(levels):
        innermost = [innermost]
    return innermost


TOO_DEEP = "must not be nested deeper than 8 levels"
TOO_LARGE = "must not contain integers outside signed 64 bits"
TOO_MANY = "must not have more than 2,000 keys in all"


@pytest.mark.parametrize("nest", [objects, arrays])
def test_eight_levels_below_the_top_object_are_allowed_and_nine_are_not(nest: Any) -> None:
    assert errors_of({"x": nest(8)}) == {}
    assert errors_of({"x": nest(9)}) == {"attributes": TOO_DEEP}


@pytest.mark.parametrize("field", ["attributes", "utm"])
def test_a_named_object_is_the_first_level_itself(field: str) -> None:
    assert errors_of({field: objects(8)}) == {}
    assert errors_of({field: objects(9)}) == {field: TOO_DEEP}


def test_an_empty_object_on_the_ninth_level_is_a_level_too() -> None:
    assert errors_of({"x": objects(7, {})}) == {}
    assert errors_of({"x": objects(8, {})}) == {"attributes": TOO_DEEP}
    assert errors_of({"x": objects(8, [])}) == {"attributes": TOO_DEEP}


@pytest.mark.parametrize("nest", [objects, arrays])
def test_depth_costs_no_stack(nest: Any) -> None:
    assert errors_of({"x": nest(100_000)}) == {"attributes": TOO_DEEP}


@pytest.mark.parametrize(
    "body",
    [
        {f"k{n}": n for n in range(2000)},
        {"attributes": {f"k{n}": n for n in range(1999)}},
        {"name": "Ada", "x": [{"a": 1}] * 999 + [{"b": 1}] * 999},
        {"x": {"y": {f"k{n}": {} for n in range(1998)}}},
        {"utm": {f"k{n}": 1 for n in range(999)}, "x": {f"k{n}": 1 for n in range(999)}},
    ],
)
def test_2000_keys_in_all_are_allowed_and_one_more_is_not(body: dict[str, JsonValue]) -> None:
    assert errors_of(body) == {}
    assert errors_of({**body, "more": 1}) == {"body": TOO_MANY}


def test_long_arrays_have_no_keys() -> None:
    assert errors_of({"x": [0] * 10_000, "page_trail": ["/"] * 10_000}) == {}


@pytest.mark.parametrize("number", [-(2**63), 2**63 - 1, 0, -1, 1e308, -0.0, True])
def test_a_number_of_signed_64_bits_is_kept(number: float) -> None:
    details = read_lead({"x": number, "attributes": {"y": [number]}}, IS_EMAIL).details

    assert details.attributes == {"x": number, "y": [number]}
    assert type(details.attributes["x"]) is type(number)


@pytest.mark.parametrize("number", [-(2**63) - 1, 2**63, 2**64, 10**400])
def test_an_integer_outside_signed_64_bits_is_refused_at_any_depth(number: int) -> None:
    assert errors_of({"x": number}) == {"attributes": TOO_LARGE}
    assert errors_of({"attributes": {"y": number}}) == {"attributes": TOO_LARGE}
    assert errors_of({"utm": objects(8, number)}) == {"utm": TOO_LARGE}
    assert errors_of({"x": [[{"y": [number]}]]}) == {"attributes": TOO_LARGE}
    assert set(errors_of({"phone": number})) == {"phone"}


def test_faults_of_shape_and_wrong_fields_are_listed_together() -> None:
    body = {
        "name": 1,
        "email": "nobody",
        "utm": {"a": 2**64},
        "x": 2**63,
        **{f"k{n}": n for n in range(MAX_KEYS)},
    }

    assert set(errors_of(body)) == {"name", "email", "utm", "attributes", "body"}


def nested(levels: int, innermost: JsonValue) -> Any:
    """Below so many objects and arrays in turn."""
    for level in range(levels):
        innermost = [innermost] if level % 2 else {"k": innermost}
    return innermost


@pytest.mark.parametrize("level", range(11))
@pytest.mark.parametrize("number", [2**63, -(2**63) - 1])
def test_a_large_integer_is_found_on_each_level_that_is_looked_into(
    level: int, number: int
) -> None:
    found = faults_of(nested(level, number), level=0)[1]

    assert found == ([TOO_LARGE] if level <= 9 else [TOO_DEEP])


@pytest.mark.parametrize("level", range(4))
def test_each_fault_of_a_value_is_named_once_whatever_is_beside_it(level: int) -> None:
    deep, large = objects(9), 2**63
    value = nested(
        level, [large, large, {"a": deep, "b": deep, "c": [large]}, "x", None, 1.5, True]
    )

    assert set(faults_of(value)[1]) == {TOO_DEEP, TOO_LARGE}
    assert len(faults_of(value)[1]) == 2
    assert set(faults_of([deep, large])[1]) == set(faults_of([large, deep])[1])


def test_what_is_too_deep_is_not_looked_into() -> None:
    keys, found = faults_of(objects(8, {"a": 2**63, "b": {}}))

    assert (keys, found) == (8, [TOO_DEEP])


def test_keys_are_counted_on_each_level_also_beside_faults() -> None:
    value: JsonObject = {"a": {"b": 1, "c": [{"d": 2**63}, {"e": [], "f": {}}]}, "g": "x"}

    assert faults_of(value, level=0) == (7, [TOO_LARGE])
    assert faults_of("x") == faults_of(None) == faults_of([]) == (0, [])


SECRET = "s3cr3t"


@pytest.mark.parametrize(
    "body",
    [
        {"name": SECRET * 100},
        {"email": SECRET},
        {"email": [SECRET], "phone": {SECRET: SECRET}, "utm": SECRET, "page_trail": SECRET},
        {SECRET: objects(9, SECRET)},
        {SECRET: {SECRET: 2**64}},
        {f"{SECRET}{n}": SECRET for n in range(2001)},
    ],
)
def test_no_answer_repeats_what_was_sent(body: JsonObject) -> None:
    with pytest.raises(InvalidLead) as refused:
        read_lead(body, IS_EMAIL)

    assert SECRET not in f"{refused.value} {json.dumps(refused.value.extra_members())}"


TEXT = st.text(max_size=20) | st.sampled_from(
    ["", " ", "a@example.com", "x" * 256, "a@b", "email", "Name"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)
KEYS = st.sampled_from([*RULES, "shoe_size", "utm_source", "gclid"]) | TEXT
BODIES = st.dictionaries(KEYS, JSON, max_size=10)


def _is_kept(value: JsonValue, details: LeadDetails) -> bool:
    text = json_text(value.strip() if isinstance(value, str) else value)
    return text.strip('"') in json_text(details.present())


@given(BODIES)
def test_any_json_object_is_a_lead_or_is_refused_for_fields_that_exist(body: JsonObject) -> None:
    wrong = errors_of(body)
    if wrong:
        assert set(wrong) <= {*RULES, "body"}
        return
    details = read_lead(body, IS_EMAIL).details

    assert LeadDetails.of(json.loads(json.dumps(details.present()))) == details
    for key, value in body.items():
        assert key in RULES or value in (None, "") or _is_kept(value, details)


@given(BODIES)
def test_a_lead_that_was_taken_would_be_taken_again(body: JsonObject) -> None:
    try:
        details = read_lead(body, IS_EMAIL).details
    except InvalidLead:
        return
    sent = {**details.present(), "page_trail": list(details.page_trail)}

    # Unknown fields stand one level deeper now, under one key more.
    assert set(errors_of(sent)) <= {"attributes", "body"}
    assert errors_of(sent) or read_lead(sent, IS_EMAIL).details == details
