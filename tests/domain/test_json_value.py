"""JSON values as they are kept, and as they are written."""

import json
from typing import Any

import pytest
from hypothesis import given

from domain.json_value import JsonObject, JsonValue, cleaned, json_text
from tests.domain.lead_body.test_shape import BODIES, arrays, objects


@pytest.mark.parametrize(
    ("parsed", "clean"),
    [
        ("a\0b", "ab"),
        ("\0", ""),
        ("a\ud83d", "a\ufffd"),
        ("\udc00\ud800", "\ufffd\ufffd"),
        ("😀", "😀"),
        ({"a\0": ["\0x", {"\ud800": "\ud800"}]}, {"a": ["x", {"\ufffd": "\ufffd"}]}),
        ({"a": 1, "a\0": 2}, {"a": 2}),
        ([None, True, 1, 1.5], [None, True, 1, 1.5]),
    ],
)
def test_nul_is_left_out_and_half_of_a_pair_is_replaced(
    parsed: JsonValue, clean: JsonValue
) -> None:
    assert cleaned(parsed) == clean


@pytest.mark.parametrize("nest", [objects, arrays])
def test_depth_costs_no_stack(nest: Any) -> None:
    text = json_text(cleaned(nest(50_000)))

    assert len(text) > 100_000


DEEPER_THAN_PYTHON_CALLS = 1_500


def _far_down(value: JsonValue) -> Any:
    """*value* where the standard library's writer does not get to."""
    for _ in range(DEEPER_THAN_PYTHON_CALLS):
        value = [value]
    return value


@pytest.mark.parametrize("canonical", [False, True])
@given(body=BODIES)
def test_what_is_deep_is_written_as_the_standard_library_writes_the_rest(
    body: JsonObject, *, canonical: bool
) -> None:
    plain = json.dumps(body, ensure_ascii=canonical, sort_keys=canonical, separators=(",", ":"))

    assert json_text(body, canonical=canonical) == plain
    deep = "[" * DEEPER_THAN_PYTHON_CALLS + plain + "]" * DEEPER_THAN_PYTHON_CALLS
    assert json_text(_far_down(body), canonical=canonical) == deep
