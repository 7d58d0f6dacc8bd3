"""Meta's JSON as it is, not as it should be: cut emoji, and numbers that no machine word holds."""

import json
import re
from typing import Any

import orjson

_ESCAPES = re.compile(
    rb"(\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    rb"|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)
"""An escaped backslash or a whole surrogate pair (kept), or half a pair."""
_REPLACEMENT = rb"\ufffd"
_INEXACT = re.compile(rb"(?:\A|[:,\[\s])-?[0-9](?:[0-9.]{16}|[0-9.]*[eE])")
"""What may be a number that orjson would round or refuse, outside of strings or not."""
_LARGEST = 2**63


def parse(body: bytes) -> Any:
    """
    The value in *body*; half a surrogate pair, as a cut text ends with, becomes U+FFFD.

    A number that 64 bits may not hold is an `orjson.Fragment`: nobody reads it as a number,
    and `dump()` writes it as it came.

    Raises:
        ValueError: It is no JSON.
    """
    exactly = _INEXACT.search(body) is not None
    try:
        return _parse_exactly(body) if exactly else orjson.loads(body)
    except (ValueError, RecursionError):
        return orjson.loads(_whole(body))


def _whole(body: bytes) -> bytes:
    """*body* without half surrogate pairs."""
    return _ESCAPES.sub(lambda found: found[1] or _REPLACEMENT, body)


def _parse_exactly(body: bytes) -> Any:
    text = _whole(body).decode()
    return json.loads(text, parse_int=_integer, parse_float=_float, parse_constant=_refuse)


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def _integer(text: str) -> int | orjson.Fragment:
    exact = len(text) <= len(str(_LARGEST)) and -_LARGEST <= int(text) < _LARGEST
    return int(text) if exact else orjson.Fragment(text)


def _float(text: str) -> float | orjson.Fragment:
    number = float(text)
    return number if repr(number) == text else orjson.Fragment(text)


def dump(value: Any, whole: bytes) -> str:
    """*value* as JSON; where it is nested deeper than can be written, *whole*, it came in."""
    try:
        return orjson.dumps(value).decode()
    except orjson.JSONEncodeError:
        pass
    try:
        return json.dumps(value)
    except (RecursionError, TypeError):
        return whole.decode("utf-8", "replace")


def as_list(value: Any) -> list[Any]:
    """*value* if it is an array, else an empty one."""
    return value if isinstance(value, list) else []


def as_dict(value: Any) -> dict[str, Any]:
    """*value* if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_text(value: Any) -> str | None:
    """*value* if it is a string with something in it; NUL characters break too many readers."""
    return (value.replace("\0", "") or None) if isinstance(value, str) else None


def as_word(value: Any) -> str | None:
    """*value* if it is a text, or the digits of an integer: ids come in both ways."""
    return str(value) if type(value) is int else as_text(value)


def at(value: Any, *path: str) -> Any:
    """What stands at the end of *path*, None if there is nothing."""
    for key in path:
        value = as_dict(value).get(key)
    return value
