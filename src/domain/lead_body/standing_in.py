"""What stands in for fields that are absent: aliases, the parts of a name, and what is wrapped."""

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any

from domain.json_value import JsonValue
from domain.lead import CONTACT, RULES
from domain.lead_body.aliases import (
    FIRST_NAME,
    LAST_NAME,
    LOOKS_LIKE,
    WRAPPERS,
    field_of,
    utm_name_of,
)
from domain.lead_body.shape import MAX_KEYS, faults_of
from domain.lead_body.values import Read

NAME, UTM = "name", "utm"
MOST_TRIED = 5
"""So many names may stand for one field; a body with hundreds of them would cost everybody time."""
_NOTHING: tuple[JsonValue, ...] = (None, "")

Values = dict[str, Any]
Others = dict[str, JsonValue]
ReadField = Callable[[str, JsonValue], Read]
"""What a value means as the field of a name."""


def fill_absent(values: Values, others: Others, read: ReadField) -> None:
    """
    Fill fields that *values* lack from *others*, which are not fields by their names.

    What became a field, or a part of `utm`, as it was is taken out of *others*. What was joined,
    and what could not be the field, stays.
    """
    _fill(values, others, read)
    if not all(name in values for name in CONTACT):
        _fill_from_wrapper(values, others, read)


def _fill(values: Values, others: Others, read: ReadField) -> None:
    named = _by_field(others)
    for field in named:
        if field in RULES and field not in values:
            _fill_field(values, others, field, named[field], read)
    if NAME not in values:
        _join_name(values, others, named, read)
    _move_to_utm(values, others)


def _by_field(others: Others) -> Mapping[str, list[str]]:
    """The names in *others* that stand for a field, by field; the first of the table first."""
    ranked: dict[str, list[tuple[int, str]]] = {}
    for name in others:
        if (found := field_of(name)) is not None:
            ranked.setdefault(found[0], []).append((found[1], name))
    return {field: [name for _, name in sorted(names)] for field, names in ranked.items()}


def _fill_field(
    values: Values, others: Others, field: str, names: Iterable[str], read: ReadField
) -> None:
    looks_like = LOOKS_LIKE.get(field)
    for name in islice(names, MOST_TRIED):
        value, error = read(field, others[name])
        if error is not None or value is None:
            continue
        if looks_like is None or looks_like.match(value):
            values[field] = value
            _take_out_if_as_it_was(others, name, value)
            return


def _join_name(
    values: Values, others: Others, named: Mapping[str, list[str]], read: ReadField
) -> None:
    """First and last name with a blank between, or the one that is there."""
    parts: dict[str, str] = {}
    for part in (FIRST_NAME, LAST_NAME):
        for name in named.get(part, ()):
            text, _ = read(NAME, others[name])
            if text is not None:
                parts[name] = text
                break
    joined, _ = read(NAME, " ".join(parts.values()))
    if joined is not None:
        values[NAME] = joined
    if len(parts) == 1:
        _take_out_if_as_it_was(others, next(iter(parts)), joined)


def _take_out_if_as_it_was(others: Others, name: str, value: object) -> None:
    sent = others[name]
    if isinstance(sent, str):
        sent = sent.strip()
    if sent == (list(value) if isinstance(value, tuple) else value):
        del others[name]


def _move_to_utm(values: Values, others: Others) -> None:
    """Move `utm_…` and click ids into `utm`, whose own keys win; what does not fit there stays."""
    utm = dict(values.get(UTM, {}))
    moved: list[str] = []
    for name, value in others.items():
        key = utm_name_of(name)
        if key is None or key in utm or value in _NOTHING or faults_of(value, level=2)[1]:
            continue
        utm[key] = value
        moved.append(name)
    if not moved or faults_of(utm)[0] > MAX_KEYS:
        return
    values[UTM] = utm
    for name in moved:
        del others[name]


def _fill_from_wrapper(values: Values, others: Others, read: ReadField) -> None:
    """Fill *values* from the first wrapper that says who it is, or how to call back."""
    for path in WRAPPERS:
        wrapped = _object_at(others, path)
        if wrapped is None:
            continue
        filled, left = dict(values), dict(wrapped)
        _fill(filled, left, read)
        if _tells_more(values, filled):
            values.update(filled)
            _put_at(others, path, left)
            return


def _tells_more(before: Values, filled: Values) -> bool:
    """A name alone is mostly that of a form, where somebody is named outside."""
    gained = {name for name in CONTACT if name in filled and name not in before}
    is_anybody_named = any(name in before for name in CONTACT)
    return bool(gained - {NAME} if is_anybody_named else gained)


def _object_at(others: Others, path: tuple[str, ...]) -> Mapping[str, JsonValue] | None:
    value: JsonValue = others
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else None


def _put_at(others: Others, path: tuple[str, ...], left: Others) -> None:
    """Put what is *left* of the wrapper in its place, in copies; an empty one goes."""
    first, *rest = path
    if rest:
        outer = others[first]
        assert isinstance(outer, Mapping)
        inner = dict(outer)
        _put_at(inner, tuple(rest), left)
        left = inner
    if left:
        others[first] = left
    else:
        del others[first]
