"""Meta's JSON as it is, not as it should be: cut emoji, and numbers longer than 64 bits."""

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
_LONG_NUMBER = re.compile(rb"[0-9]{19}")


def parse(body: bytes) -> Any:
    """
    The value in *body*; half a surrogate pair, as a cut text ends with, becomes U+FFFD.

    Raises:
        ValueError: It is no JSON.
    """
    try:
        return _parse(body)
    except ValueError:
        return _parse(_ESCAPES.sub(lambda found: found[1] or _REPLACEMENT, body))


def _parse(body: bytes) -> Any:
    value = orjson.loads(body)
    if _LONG_NUMBER.search(body) is None:
        return value
    try:
        return json.loads(body)  # orjson makes floats of integers beyond 64 bits
    except RecursionError:
        return value


def as_list(value: Any) -> list[Any]:
    """*value* if it is an array, else an empty one."""
    return value if isinstance(value, list) else []


def as_dict(value: Any) -> dict[str, Any]:
    """*value* if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_text(value: Any) -> str | None:
    """*value* if it is a string with something in it; NUL characters break too many readers."""
    return (value.replace("\0", "") or None) if isinstance(value, str) else None
