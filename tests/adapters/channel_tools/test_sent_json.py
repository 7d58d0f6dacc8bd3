import json
from typing import Any

import pytest
from hypothesis import given

from adapters.channel_tools.sent_json import as_dict, as_id, as_list, as_text, parse_object, to_text
from domain.json_value import DEEPEST_LEVELS
from domain.refusals import InvalidJson
from entrypoints.channel_contract.examples import EXAMPLES
from entrypoints.channel_contract.json_values import JSON_VALUES, nested


@EXAMPLES
@given(value=JSON_VALUES)
def test_an_object_is_written_again_as_it_was_read(value: object) -> None:
    sent = {"value": value}

    assert parse_object(json.dumps(sent).encode()) == sent
    assert json.loads(to_text(sent)) == sent


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"1", b"null", b'{"a":NaN}', b'{"a":-Infinity}', b'{"a":1e400}', b"{}{}",
     b"\xff", b"\xef\xbb\xbf{}", "{}".encode("utf-16"), b'{"a":' + b"9" * 10_000 + b"}"],
)  # fmt: skip
def test_what_is_no_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidJson):
        parse_object(body)


@pytest.mark.parametrize("levels", [DEEPEST_LEVELS, 900, 100_000])
def test_what_is_nested_too_deeply_is_refused(levels: int) -> None:
    with pytest.raises(InvalidJson):
        parse_object(b'{"a":' + b"[" * levels + b"]" * levels + b"}")


def test_what_is_nested_less_deeply_can_be_written_again() -> None:
    value = {"a": nested(DEEPEST_LEVELS - 2)}

    assert json.loads(to_text(parse_object(json.dumps(value).encode()))) == value


def test_an_integer_beyond_64_bits_stays_what_it_is() -> None:
    assert to_text(parse_object(b'{"a":123456789012345678901}')) == '{"a":123456789012345678901}'


def test_half_an_emoji_is_read_and_written_again() -> None:
    read = parse_object(b'{"a":"cut \\ud83d"}')

    assert to_text(read) == '{"a":"cut \\ud83d"}'
    assert as_text(read["a"]) == "cut \ufffd"


@pytest.mark.parametrize(
    ("value", "text"),
    [(" Ada ", "Ada"), ("a\0b", "ab"), ("🙂", "🙂"), ("", None), (" \0 ", None), (7, None),
     (True, None), (None, None), (["Ada"], None), ({"$ne": ""}, None)],
)  # fmt: skip
def test_a_text_is_what_has_something_in_it(value: Any, text: str | None) -> None:
    assert as_text(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(40000000000, "40000000000"), ("7", "7"), (True, None), (1.5, None)]
)
def test_an_id_may_be_a_number(value: Any, text: str | None) -> None:
    assert as_id(value) == text


def test_what_is_of_another_kind_is_as_if_nothing_were_there() -> None:
    assert (as_dict([1]), as_dict(None), as_dict({"a": 1})) == ({}, {}, {"a": 1})
    assert (as_list({"a": 1}), as_list("ab"), as_list([1])) == ([], [], [1])
