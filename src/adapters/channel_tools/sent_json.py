"""
JSON as outside senders write it, which may be odd in every place.

For readers of webhooks: parse once, then take from each place what is of the kind expected,
and nothing where it is not.
"""

import json
from typing import Any, NoReturn

from domain.json_value import DEEPEST_LEVELS
from domain.refusals import InvalidJson


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


def as_dict(value: Any) -> dict[str, Any]:
    """*value* if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    """*value* if it is an array, else an empty one."""
    return value if isinstance(value, list) else []


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


def at(value: Any, *path: str) -> Any:
    """What stands at the end of *path*, None if there is nothing."""
    for key in path:
        value = as_dict(value).get(key)
    return value
