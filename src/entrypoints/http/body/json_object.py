"""From the bytes of a body to a JSON object, strictly, and with a word on where it fails."""

import json
import re
from codecs import BOM_UTF8
from typing import Any

import orjson

from domain.json_value import JsonObject, cleaned
from domain.refusals import InvalidJson

_ZEROS = bytes.maketrans(b"123456789", b"0" * 9)
_LONG_NUMBER = b"0" * 19
_ODD_ESCAPE = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|u(?P<half>[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


def parse_object(body: bytes) -> JsonObject:
    """
    The object in *body* (RFC 8259, UTF-8; of a repeated name the last value).

    A byte order mark is left out, and what no store keeps is mended (`cleaned`).

    Raises:
        InvalidJson: There is none.
    """
    text = body.removeprefix(BOM_UTF8)
    is_odd = b"\\u" in text and _ODD_ESCAPE.search(text) is not None
    if is_odd:  # half of a pair is no JSON to this parser; as long as before: places in it stay
        text = _ESCAPE.sub(lambda escape: rb"\ufffd" if escape["half"] else escape[0], text)
    try:
        value: Any = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise InvalidJson(_flaw(text, error)) from None
    if not isinstance(value, dict):
        before = text[: len(text) - len(text.lstrip())].decode()
        raise InvalidJson(f"What begins in {_place_after(before)} is no object.")
    exact = _with_exact_integers(text, value)
    if not is_odd:
        return exact
    mended: JsonObject = cleaned(exact)
    return mended


def _with_exact_integers(text: bytes, value: dict[str, Any]) -> JsonObject:
    """Read long integers as they are: orjson makes floats of those beyond 64 bits."""
    if _LONG_NUMBER not in text.translate(_ZEROS):  # a tenth of what a regular expression takes
        return value
    try:
        exact: dict[str, Any] = json.loads(text)
    except RecursionError:
        raise InvalidJson("It is nested too deeply to be read.") from None
    return exact


def _flaw(text: bytes, error: orjson.JSONDecodeError) -> str:
    """What is wrong with *text*, and where; never what stands there."""
    if not text.strip():
        return "It is empty."
    try:
        text.decode()
    except UnicodeDecodeError as broken:
        return f"It stops being UTF-8 in {_place_after(text[: broken.start].decode())}."
    return f"It stops being JSON in {_place(error.lineno, error.colno)}."


def _place_after(before: str) -> str:
    return _place(before.count("\n") + 1, len(before) - before.rfind("\n"))


def _place(line: int, column: int) -> str:
    return f"line {line}, column {column}"
