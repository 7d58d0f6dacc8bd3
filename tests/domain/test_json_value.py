"""What no store keeps is taken out of what was parsed."""

import pytest

from domain.json_value import JsonValue, cleaned


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
