"""Meta's JSON as it is, not as it should be: cut emoji, and numbers that no machine word holds."""

import json
import re
from collections.abc import Iterator
from io import BytesIO
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
STEP_BYTES = 8 * 1024
LONGEST_FOUND_BYTES = 32
"""No less than `_INEXACT` needs to find a number that two steps share."""
_LARGEST = 2**63
LARGEST_EXACT = 2**53 - 1
"""The largest whole number that every reader of JSON tells from its neighbours."""


def parse(body: bytes) -> Any:
    """
    The value in *body*; half a surrogate pair, as a cut text ends with, becomes U+FFFD.

    A number that 64 bits may not hold is an `orjson.Fragment`: nobody reads it as a number,
    and `dump()` writes it as it came.

    Raises:
        ValueError: It is no JSON.
    """
    exactly = _may_be_inexact(body)
    try:
        return _parse_exactly(body) if exactly else orjson.loads(body)
    except (ValueError, RecursionError):
        return orjson.loads(_whole(body))


def _may_be_inexact(body: bytes) -> bool:
    """Look through *body* in steps: one search of megabytes would stop every other thread."""
    return any(
        _INEXACT.search(body, max(0, start - LONGEST_FOUND_BYTES), start + STEP_BYTES)
        for start in range(0, len(body), STEP_BYTES)
    )


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


def dump(value: Any) -> str:
    """*value*, read by `parse()`, as JSON: however deep it is, and no more than there was of it."""
    try:
        return orjson.dumps(value).decode()
    except orjson.JSONEncodeError:  # more than 254 levels
        written = BytesIO()  # a list of all the pieces would take far more memory
        written.writelines(_pieces(value))
        return written.getvalue().decode()


def _pieces(value: Any) -> Iterator[bytes]:
    """The JSON of *value*, without recursion."""
    opened = [iter([value])]
    while opened:
        for piece in opened[-1]:
            if isinstance(piece, bytes):
                yield piece
            elif _is_flat(piece):
                yield orjson.dumps(piece)
            else:
                opened.append(_open(piece))
                break
        else:
            opened.pop()


def _is_flat(value: Any) -> bool:
    if not isinstance(value, list | dict):
        return True
    members = value if isinstance(value, list) else value.values()
    return not any(isinstance(member, list | dict) for member in members)


def _open(container: Any) -> Iterator[Any]:
    """What stands in *container*, which is not empty; around it, as bytes, what JSON wants."""
    if isinstance(container, list):
        before = b"["
        for element in container:
            yield from (before, element)
            before = b","
        yield b"]"
    else:
        before = b"{"
        for key, member in container.items():
            yield from (before + orjson.dumps(key) + b":", member)
            before = b","
        yield b"}"


def as_text(value: Any) -> str | None:
    """*value* if it is a string with something in it; NUL characters break too many readers."""
    return (value.replace("\0", "") or None) if isinstance(value, str) else None


def as_word(value: Any) -> str | None:
    """
    *value* if it is a text, or the digits of a whole number: forwarders write ids in both ways.

    A number beyond 2^53 that a double can hold is none: it may be another one, which a reader
    that knows doubles alone has rounded (RFC 8259, section 6).
    """
    if type(value) is float and value.is_integer():
        value = int(value)
    if type(value) is int and (abs(value) <= LARGEST_EXACT or int(float(value)) != value):
        return str(value)
    return as_text(value)
