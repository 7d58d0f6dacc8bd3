"""From bytes to a JSON object: where it fails, and what is mended."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.refusals import InvalidJson
from entrypoints.http.body.json_object import parse_object

NOT_JSON = {
    "empty": (b"", "It is empty."),
    "blanks": (b" \r\n", "It is empty."),
    "a byte order mark alone": (b"\xef\xbb\xbf", "It is empty."),
    "null": (b"null", "What begins in line 1, column 1 is no object."),
    "array": (b"\r\n []", "What begins in line 2, column 2 is no object."),
    "number": (b"1", "What begins in line 1, column 1 is no object."),
    "words": (b"hello, I am Ada", "It stops being JSON in line 1, column 1."),
    "trailing data": (b'{"a":1} x', "It stops being JSON in line 1, column 9."),
    "trailing comma": (b'{"a":1,}', "It stops being JSON in line 1, column 7."),
    "its end is missing": (b'{"a":"b', "It stops being JSON in line 1, column 8."),
    "NaN": (b'{"a":NaN}', "It stops being JSON in line 1, column 6."),
    "Infinity": (b'{"a":Infinity}', "It stops being JSON in line 1, column 6."),
    "1e400": (b'{"a":1e400}', "It stops being JSON in line 1, column 6."),
    "400 digits": (b'{"a":' + b"9" * 400 + b"}", "It stops being JSON in line 1, column 6."),
    "5,000 digits": (b'{"a":' + b"9" * 5000 + b"}", "It stops being JSON in line 1, column 6."),
    "leading zero": (b'{"a":01}', "It stops being JSON in line 1, column 6."),
    "a quote in a text": (
        b'{\n "name": "Ada",\r\n "message": "a "zebra" b"\n}',
        "It stops being JSON in line 3, column 17.",
    ),
    "a line end in a text": (b'{"a":"x\ny"}', "It stops being JSON in line 1, column 8."),
    "NUL itself in a text": (b'{"a":"x\0y"}', "It stops being JSON in line 1, column 8."),
    "NUL between texts": (b'{"a"\\u0000:1}', "It stops being JSON in line 1, column 5."),
    "half a pair between texts": (b'{\\ud83d"a":1}', "It stops being JSON in line 1, column 2."),
    "behind half a pair": (b'{"a":"\\ud83d" x', "It stops being JSON in line 1, column 15."),
    "behind a mark and umlauts": (
        b"\xef\xbb\xbf" + '{"ü":"ß" x'.encode(),
        "It stops being JSON in line 1, column 10.",
    ),
    "byte FF": (b'{"a":"\xff"}', "It stops being UTF-8 in line 1, column 7."),
    "Latin-1": (
        '{\n"ü":"'.encode() + "ü".encode("latin-1") + b'"}',
        "It stops being UTF-8 in line 2, column 6.",
    ),
    "overlong": (b'{"a":"\xc0\xaf"}', "It stops being UTF-8 in line 1, column 7."),
    "encoded surrogate": (b'{"a":"\xed\xa0\x80"}', "It stops being UTF-8 in line 1, column 7."),
    "UTF-16": ('{"a":1}'.encode("utf-16"), "It stops being UTF-8 in line 1, column 1."),
}


@pytest.mark.parametrize(("body", "flaw"), NOT_JSON.values(), ids=NOT_JSON.keys())
def test_what_is_no_json_object_is_refused_with_its_place(body: bytes, flaw: str) -> None:
    with pytest.raises(InvalidJson) as refused:
        parse_object(body)

    assert refused.value.message == f"{InvalidJson.message} {flaw}"


@pytest.mark.parametrize("body", [b"[" * 30_000, b'{"a":' * 30_000])
def test_what_is_deeper_than_a_parser_goes_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidJson):
        parse_object(body)


MENDED: dict[str, tuple[bytes, dict[str, Any]]] = {
    "a byte order mark": (b'\xef\xbb\xbf {"a":1}', {"a": 1}),
    "NUL": (rb'{"a":"\u0000x\u0000\u0000y\u0000"}', {"a": "xy"}),
    "NUL alone": (rb'{"a":"\u0000"}', {"a": ""}),
    "NUL in a key": (rb'{"a\u0000b":{"\u0000":1}}', {"ab": {"": 1}}),
    "a backslash before u0000": (rb'{"a":"\\u0000"}', {"a": r"\u0000"}),
    "a backslash and NUL": (rb'{"a":"\\\u0000"}', {"a": "\\"}),
    "keys that become the same": (rb'{"a":1,"a\u0000":2}', {"a": 2}),
    "the first half": (rb'{"a":"\ud83d"}', {"a": "\ufffd"}),
    "the second half": (rb'{"a":"\uDE00x"}', {"a": "\ufffdx"}),
    "half in a key": (rb'{"\udc00":1}', {"\ufffd": 1}),
    "two first halves": (rb'{"a":"\ud83d\ud83d"}', {"a": "\ufffd\ufffd"}),
    "the wrong way round": (rb'{"a":"\ude00\ud83d"}', {"a": "\ufffd\ufffd"}),
    "half before a whole pair": (rb'{"a":"\ud83d\ud83d\ude00"}', {"a": "\ufffd😀"}),
    "NUL between the halves": (rb'{"a":"\ud83d\u0000\ude00"}', {"a": "\ufffd\ufffd"}),
    "a backslash before ud83d": (rb'{"a":"\\ud83d"}', {"a": r"\ud83d"}),
    "a whole pair": (rb'{"a":"\uD83D\uDE00"}', {"a": "😀"}),
    "a long integer beside NUL": (
        rb'{"a":"\u0000","b":123456789012345678901}',
        {"a": "", "b": 123456789012345678901},
    ),
}


@pytest.mark.parametrize(("body", "read"), MENDED.values(), ids=MENDED.keys())
def test_what_no_text_can_hold_is_mended(body: bytes, read: dict[str, Any]) -> None:
    assert parse_object(body) == read


@pytest.mark.parametrize("number", [2**63 - 1, -(2**63), 2**64, 10**200])
def test_integers_of_any_length_are_exact(number: int) -> None:
    assert parse_object(json.dumps({"a": number}).encode()) == {"a": number}


ANY_TEXT = st.text(st.sampled_from('\0\ud83d\ude00\\"u0d83x😀'), max_size=12)


@given(st.dictionaries(ANY_TEXT, ANY_TEXT, max_size=3))
def test_whatever_texts_a_program_escapes_they_are_read_as_utf_16_without_nul(
    sent: dict[str, str],
) -> None:
    def mended(text: str) -> str:
        whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return whole.replace("\0", "")

    read = {mended(name): mended(text) for name, text in sent.items()}

    assert parse_object(json.dumps(sent).encode()) == read
