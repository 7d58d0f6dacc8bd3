"""
JSON as outside senders write it, which may be odd in every place.

For readers of webhooks: parse once, then take from each place what is of the kind expected, and
nothing where it is not. There are two ways to parse:

- `parse_object` refuses what could not be written again; `to_text` writes what it read.
- `parse` also takes cut emoji and numbers that no machine word holds, and keeps them as they
  were written; it is for senders that must never be refused. `dump` writes what it read.
"""

import json
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any, NoReturn

import orjson

from domain.json_value import DEEPEST_LEVELS
from domain.refusals import InvalidJson

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


def parse_object(body: bytes) -> dict[str, Any]:
    """
    The object in *body*, integers of any length exactly.

    Raises:
        InvalidJson: There is none: no UTF-8, no JSON (NaN and 1e400 are none), no object,
            or one that is nested so deeply that it could not be written again.
    """
    try:
        value = json.loads(body.decode(), parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError):
        raise InvalidJson from None
    if not isinstance(value, dict) or _levels_exceed(value, DEEPEST_LEVELS):
        raise InvalidJson
    return value


def to_text(value: Any) -> str:
    """*value*, which `parse_object` gave, as JSON again: what a `Message` keeps as its raw."""
    return json.dumps(value, separators=(",", ":"))


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


def dump(value: Any) -> str:
    """*value*, read by `parse()`, as JSON: however deep it is, and no more than there was of it."""
    try:
        return orjson.dumps(value).decode()
    except orjson.JSONEncodeError:  # more than 254 levels
        written = BytesIO()  # a list of all the pieces would take far more memory
        written.writelines(_pieces(value))
        return written.getvalue().decode()


def as_dict(value: Any) -> dict[str, Any]:
    """*value* if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    """*value* if it is an array, else an empty one."""
    return value if isinstance(value, list) else []


def at(value: Any, *path: str) -> Any:
    """What stands at the end of *path*, None if there is nothing."""
    for key in path:
        value = as_dict(value).get(key)
    return value


def as_text(value: Any) -> str | None:
    """
    *value* if it is a string with something in it, as every store can keep it.

    NUL characters are left out, and half an emoji, as a cut text ends with, becomes U+FFFD.
    """
    if not isinstance(value, str):
        return None
    whole = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\0", "").strip() or None


def as_id(value: Any) -> str | None:
    """*value* as text if it is a string or an integer: senders write ids either way."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return as_text(value)


def as_written(value: Any) -> str | None:
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
    return as_written(value)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _finite(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise ValueError(digits)
    return number


def _levels_exceed(value: Any, most: int) -> bool:
    level = [value]
    for _ in range(most):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True


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


def _integer(text: str) -> int | orjson.Fragment:
    exact = len(text) <= len(str(_LARGEST)) and -_LARGEST <= int(text) < _LARGEST
    return int(text) if exact else orjson.Fragment(text)


def _float(text: str) -> float | orjson.Fragment:
    number = float(text)
    return number if repr(number) == text else orjson.Fragment(text)


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
