"""That no cell begins a formula, whatever a stranger wrote, and that it stays legible."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrypoints.exports.cells import cell, phone_cell
from entrypoints.exports.columns import ALL_COLUMNS, Column
from tests.entrypoints.exports.tables import a_lead, text_of

SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"
TURNS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
CONTROLS = "".join(map(chr, [*range(0x20), *range(0x7F, 0xA0)])).translate(
    dict.fromkeys(map(ord, "\n\r\t"))
)
DROPPED = ' "\u200b\n\r'
"""What an importer may drop before it looks for a sign."""


def _found(text: str, separator: str) -> list[str]:
    """
    The cells that a spreadsheet with this list separator finds.

    Quotes count for it where a cell begins; what follows the closing one belongs to the cell.
    """
    cells = []
    while text:
        found = ""
        if text.startswith('"'):
            parts = text[1:].replace('""', "\0").partition('"')
            found, text = (part.replace("\0", '""') for part in parts[::2])
        end = min(text.find(sign) % (len(text) + 1) for sign in f"{separator}\r\n")
        cells.append(found + text[:end])
        text = text[end + 1 :]
    return cells


BEGINNINGS = ["", " ", "\u00a0", "\u200b", '"', "'", ' "', "\n", "\r"]
BEHIND = ["Hi;", "Hi; ", 'Hi;"', "Hi;'", ";;", "a;b;", "Hi\n", "Hi\r\n", "Hi\u2028", "a;\n\" '"]


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("before", BEGINNINGS + BEHIND)
def test_a_sign_that_begins_a_formula_gets_an_apostrophe(before: str, sign: str) -> None:
    assert cell(f"{before}{sign}1;x") == f"{before}'{sign}1;x"


@pytest.mark.parametrize("hidden", [*TURNS, "\x00", "\x0b", "\x7f", "\x85", "\x9f"])
def test_what_goes_hides_no_sign(hidden: str) -> None:
    assert cell(f"{hidden}=1") == "'=1"
    assert cell(f"a;{hidden}={hidden}1") == "a;'=1"
    assert cell(f"a\n{hidden} {hidden}=1") == "a\n '=1"


@pytest.mark.parametrize("sign", SIGNS)
def test_a_tab_before_a_sign_is_a_blank(sign: str) -> None:
    assert cell(f"\t{sign}1") == f" '{sign}1"
    assert cell(f"a\t{sign}1") == f"a {sign}1"


@pytest.mark.parametrize(
    "text",
    [
        "Ada Lovelace",
        "https://example.com/?a=1&b=2;c=3",
        "ada@example.com",
        "10 - 20; about 5 + 5",
        'She said "yes";\r\n\r\nthen no',
        "a = b\nc = d",
        "राम, علی، 李; נח 👩\u200d👩\u200d👧",
        "'",
        "",
    ],
)
def test_a_text_without_a_formula_stays_as_it_is(text: str) -> None:
    assert cell(text) == text


def test_control_characters_go_and_line_ends_stay() -> None:
    assert cell(f"a{CONTROLS}b\nc\r\nd\te{TURNS}f") == "ab\nc\r\nd ef"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (-5, "-5"),
        (-1.5, "-1.5"),
        ([], "[]"),
        ({"a": [1, None]}, '{"a":[1,null]}'),
        ([-1, "=1"], '[-1,"=1"]'),
    ],
)
def test_what_is_no_text_is_json(value: Any, text: str) -> None:
    assert cell(value) == text


@pytest.mark.parametrize(
    "value",
    [
        {"a": 'x;=1;"+1";\t-1', "b;": -1, ";=c": ";@"},
        [f";{TURNS}=1", f"a{CONTROLS}\r\n=1", "\u2028\uff1d1"],
    ],
)
def test_json_is_the_same_for_who_reads_it_as_json(value: Any) -> None:
    text = cell(value)

    assert json.loads(text) == value
    assert not set(text) & {*CONTROLS, *TURNS, "\n", "\r", "\t"}


@pytest.mark.parametrize("number", ["+49 30 123456", "+49301234567", "+1 (555) 010-9999", "030 12"])
def test_a_plain_phone_number_stays_as_it_is(number: str) -> None:
    assert phone_cell(number) == number


def test_a_phone_number_is_plain_without_what_goes() -> None:
    assert phone_cell("\u202a+49\t30 123456\u202c") == "+49 30 123456"


@pytest.mark.parametrize(
    "number",
    ["+1+cmd|' /C calc'!A0", "+A1:A9", "=1", "-1", "@x", "+", "+1*2345", "+٤٥٦٧٨٩", "+49 30\n=1"],
)
def test_a_phone_that_could_call_something_is_guarded(number: str) -> None:
    assert phone_cell(number) == cell(number) != number


TEXTS = st.text(alphabet="=+-@\uff1d;,\"' \n\r\t\u202e\u200bx1", max_size=12)


@given(name=TEXTS, phone=TEXTS, attributes=st.dictionaries(TEXTS, TEXTS, max_size=3), key=TEXTS)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_no_spreadsheet_finds_a_formula(
    separator: str, name: str, phone: str, attributes: dict[str, str], key: str
) -> None:
    lead = a_lead(name=name, phone=phone, attributes={**attributes, key: name})
    columns = (Column("name"), *ALL_COLUMNS, Column("attributes", key))

    for found in _found(text_of(lead, lead, columns=columns), separator):
        begin = found.lstrip(DROPPED)
        assert not begin.startswith(tuple(SIGNS)) or found == phone_cell(phone)
