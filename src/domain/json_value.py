"""The values that JSON (RFC 8259) can carry, as Python has them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

JsonValue: TypeAlias = (
    "bool | int | float | str | Sequence[JsonValue] | Mapping[str, JsonValue] | None"
)
JsonObject: TypeAlias = Mapping[str, JsonValue]
DEEPEST_LEVELS = 200
"""No sender nests a tenth of this; Python can write far more, but not always all it can read."""

_ODD = re.compile("[\0\ud800-\udfff]")


def cleaned(value: Any) -> Any:
    """
    A copy of what was parsed without what no store keeps, in texts and in keys.

    NUL characters are left out, and half of a surrogate pair, which `text.slice(0, 255)` leaves in
    JavaScript, becomes U+FFFD. Of two keys that are the same by then the last one counts.
    """
    if isinstance(value, str):
        return _ODD.sub(_instead, value)
    if isinstance(value, dict):
        return {cleaned(key): cleaned(child) for key, child in value.items()}
    if isinstance(value, list):
        return [cleaned(child) for child in value]
    return value


def _instead(odd: re.Match[str]) -> str:
    return "" if odd[0] == "\0" else "\ufffd"
