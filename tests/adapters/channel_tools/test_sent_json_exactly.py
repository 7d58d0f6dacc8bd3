import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.channel_tools.sent_json import STEP_BYTES, as_word, at, dump, parse
from entrypoints.channel_contract.examples import EXAMPLES
from entrypoints.channel_contract.json_values import JSON_VALUES, json_bytes


def _exactly(text: str | bytes) -> Any:
    return json.loads(text, parse_float=Decimal)


def _deep(inside: str, depth: int) -> bytes:
    return ("[" * depth + inside + "]" * depth).encode()


@EXAMPLES
@given(value=JSON_VALUES)
def test_what_was_read_is_written_as_equal_json(value: Any) -> None:
    body = json_bytes(value)

    assert _exactly(dump(parse(body))) == _exactly(body)


@pytest.mark.parametrize(
    "number",
    [
        "9223372036854775807",
        "-9223372036854775808",
        "9223372036854775808",
        "-9223372036854775809",
        "1" * 5000,
        "1e400",
        "-1e999999",
        "1e-99999999999999999999",
        "0.1000000000000000055511151231257827",
        "37.44216251868683",
        "1e-400",
        "1.0000000000000000000000001e5",
        "1E5",
    ],
    ids=lambda number: number[:30],
)
def test_no_number_is_rounded(number: str) -> None:
    body = f'{{"a": [{number}], "n":{number}}}'.encode()

    assert dump(parse(body)) == f'{{"a":[{number}],"n":{number}}}'


@pytest.mark.parametrize("blank", [" ", "\n", "\t", "\r\n"], ids=repr)
def test_no_number_is_rounded_that_comes_after_a_blank(blank: str) -> None:
    number = "-9223372036854775809"

    assert dump(parse(f'{{"n":{blank}{number}}}'.encode())) == f'{{"n":{number}}}'


@EXAMPLES
@given(
    number=st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30)
)
def test_any_number_comes_back_as_it_came(number: Decimal) -> None:
    body = f'{{"n":{number}}}'.encode()

    assert Decimal(dump(parse(body)["n"])) == number


def test_half_an_emoji_is_replaced_and_a_whole_one_is_not() -> None:
    assert parse(rb'["cut \ud83d", "\ud83d\ude00", "\\ud83d"]') == ["cut \ufffd", "😀", "\\ud83d"]


@EXAMPLES
@given(value=JSON_VALUES, depth=st.integers(0, 300))
def test_what_is_nested_deeply_is_written_as_equal_json(value: Any, depth: int) -> None:
    inner = f'{{"n":1{"0" * 30},"e":1e999,"value":{json_bytes(value).decode()}}}'
    body = ('[1,{"a":[],"é":' * depth + inner + "}]" * depth).encode()

    assert _exactly(dump(parse(body))) == _exactly(body)


@pytest.mark.parametrize(
    "inside", ["[]", "{}", '"é😀"', "1" * 30, '[1.5,"a",null]', '{"a":1,"b":[{},2]}']
)
def test_what_is_nested_deeply_is_written_as_it_would_be_elsewhere(inside: str) -> None:
    written = dump(parse(inside.encode()))

    assert dump(parse(_deep(inside, 500))) == _deep(written, 500).decode()


def test_half_an_emoji_far_inside_is_replaced() -> None:
    assert dump(parse(_deep(r'"\ud83d"', 300))) == _deep('"\ufffd"', 300).decode()


def test_a_long_text_is_not_escaped_for_what_is_nested_beside_it() -> None:
    body = b'["%s",%s]' % ("é".encode() * 100_000, _deep("1" * 30, 300))

    assert dump(parse(body)).encode() == body


@pytest.mark.parametrize(
    "body", [b"", b"{", b"NaN", b"[Infinity]", b"[NaN, 1e400]", b"\xff", b"{}{}"]
)
def test_what_is_no_json_is_an_error(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  whichever parser found it
        parse(body)


@pytest.mark.parametrize(
    ("value", "word"), [("a", "a"), (120208, "120208"), (-1, "-1"), (True, None), (1.5, None)]
)
def test_an_id_is_a_text_or_an_integer(value: Any, word: str | None) -> None:
    assert as_word(value) == word


@pytest.mark.parametrize("inside", ["1", "1" * 30], ids=["short", "long"])
def test_what_is_nested_more_deeply_than_anybody_reads_is_no_json(inside: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  whichever parser found it
        parse(_deep(inside, 5000))


def test_nothing_stands_at_the_end_of_a_broken_path() -> None:
    for value in (None, 1, "a", [], {}, {"a": None}, {"a": [{"b": 1}]}, {"a": {"c": 1}}):
        assert at(value, "a", "b") is None
    assert at({"a": {"b": 1}}, "a", "b") == 1
    assert at(5) == 5


@pytest.mark.parametrize("where", range(-40, 40))
def test_a_long_number_is_found_wherever_the_steps_of_the_search_cut_it(where: int) -> None:
    number = "9" * 25
    filler = "x" * (STEP_BYTES + where)

    value = parse(f'{{"a":"{filler}","n":{number}}}'.encode())

    assert dump(value["n"]) == number
