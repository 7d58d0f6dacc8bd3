"""The values that JSON (RFC 8259) can carry, as Python has them."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
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
    JavaScript, becomes U+FFFD.
    """
    return with_texts(value, _clean)


def with_texts(value: Any, change: Callable[[str], str]) -> Any:
    """
    A copy of what was parsed, with every text and every key in it *change*d.

    Of two keys that are the same by then the last one counts.
    """
    root = [value]
    pending: list[tuple[Any, Any]] = [(root, 0)]
    while pending:  # however deep it is
        holder, key = pending.pop()
        item = holder[key]
        if isinstance(item, str):
            holder[key] = change(item)
        elif isinstance(item, dict):
            holder[key] = new = {change(name): child for name, child in item.items()}
            pending.extend((new, name) for name in new)
        elif isinstance(item, list | tuple):
            holder[key] = copy = list(item)
            pending.extend((copy, place) for place in range(len(copy)))
    return root[0]


def _clean(text: str) -> str:
    return _ODD.sub(lambda odd: "" if odd[0] == "\0" else "\ufffd", text)


class _Piece(str):
    """Text that is JSON already."""

    __slots__ = ()


def json_text(value: JsonValue, *, canonical: bool = False) -> str:
    """
    *value* as compact JSON, however deep it is: the standard library's writer ends with its stack.

    Members stand in the order in which they were sent. If *canonical*, they are sorted, and the
    text is ASCII, so that two values that differ in their order alone have the same text.
    """
    try:
        return json.dumps(value, ensure_ascii=canonical, sort_keys=canonical, separators=(",", ":"))
    except RecursionError:
        return _json_text_of_deep(value, canonical=canonical)


def _json_text_of_deep(value: JsonValue, *, canonical: bool) -> str:
    """The same text, letter for letter."""
    text: list[str] = []
    pending: list[JsonValue] = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, _Piece):
            text.append(item)
        elif isinstance(item, Mapping):
            pending += reversed(_pieces_of_object(item, canonical=canonical))
        elif isinstance(item, Sequence) and not isinstance(item, str):
            pending += reversed(_pieces_of_array(item))
        else:
            text.append(json.dumps(item, ensure_ascii=canonical))
    return "".join(text)


def _pieces_of_object(value: JsonObject, *, canonical: bool) -> list[JsonValue]:
    pieces: list[JsonValue] = [_Piece("{")]
    members = sorted(value.items(), key=lambda member: member[0]) if canonical else value.items()
    for number, (key, child) in enumerate(members):
        comma = "," if number else ""
        pieces += [_Piece(f"{comma}{json.dumps(key, ensure_ascii=canonical)}:"), child]
    return [*pieces, _Piece("}")]


def _pieces_of_array(value: Sequence[JsonValue]) -> list[JsonValue]:
    pieces: list[JsonValue] = [_Piece("[")]
    for number, child in enumerate(value):
        pieces += [_Piece(","), child] if number else [child]
    return [*pieces, _Piece("]")]
