"""From the JSON object that a client sent to the details of a lead."""

from collections.abc import Callable, Iterator
from typing import Any

from domain.json_value import JsonObject, JsonValue
from domain.lead import RULES, AnyObject, LeadDetails, ListOfStrings, Rule, Text
from domain.refusals import FieldError, InvalidLead

MAX_DEPTH = 8
"""Levels of nesting below the top object."""
MAX_KEYS = 200
"""Keys of all objects of one body together."""
SMALLEST_INTEGER, LARGEST_INTEGER = -(2**63), 2**63 - 1

BODY = "body"
ATTRIBUTES = "attributes"

TOO_MANY_KEYS = f"must not have more than {MAX_KEYS} keys in all"
TOO_DEEP = f"must not be nested deeper than {MAX_DEPTH} levels"
HAS_NUL = "must not contain NUL characters"
TOO_LARGE_INTEGER = "must not contain integers outside signed 64 bits"
NOT_TEXT = "must be a string"
NOT_OBJECT = "must be an object"
NOT_STRINGS = "must be an array of strings"
NOT_EMAIL = "must be an e-mail address"


def read_details(body: JsonObject, is_email: Callable[[str], bool]) -> LeadDetails:
    """
    The lead that *body* describes.

    Named strings are trimmed; null and the empty string count as absent.
    Unknown top-level fields are kept among the attributes, where an explicit attribute wins.

    Raises:
        InvalidLead: Naming every wrong field, never repeating what was sent.
    """
    errors = _structural_errors(body)
    values: dict[str, Any] = {}
    for name, rule in RULES.items():
        value, error = _read(body.get(name), rule, is_email)
        if error is not None:
            errors.setdefault(name, error)
        elif value is not None:
            values[name] = value
    if errors:
        raise InvalidLead([FieldError(name, message) for name, message in errors.items()])

    unknown = {key: value for key, value in body.items() if key not in RULES}
    if unknown:
        values[ATTRIBUTES] = {**unknown, **values.get(ATTRIBUTES, {})}
    return LeadDetails(**values)


def _read(value: JsonValue, rule: Rule, is_email: Callable[[str], bool]) -> tuple[Any, str | None]:
    """The value to keep and what is wrong with it; one of the two is None."""
    if value is None or value == "":
        return None, None
    match rule:
        case Text():
            return _read_text(value, rule, is_email)
        case AnyObject():
            return (value, None) if isinstance(value, dict) else (None, NOT_OBJECT)
        case ListOfStrings():
            if isinstance(value, list) and all(isinstance(item, str) for item in value):
                return tuple(value), None
            return None, NOT_STRINGS


def _read_text(
    value: JsonValue, rule: Text, is_email: Callable[[str], bool]
) -> tuple[str | None, str | None]:
    if not isinstance(value, str):
        return None, NOT_TEXT
    text = value.strip()
    if len(text) > rule.limit:
        return None, f"must not be longer than {rule.limit} characters"
    if text and rule.is_email and not is_email(text):
        return None, NOT_EMAIL
    return text or None, None


def _structural_errors(body: JsonObject) -> dict[str, str]:
    """What is wrong with the shape of *body* at any depth, by top-level field."""
    errors: dict[str, str] = {}
    keys = 0
    for name, value in body.items():
        # An unknown name is the sender's own text, so it is never named in an answer.
        field = name if name in RULES else ATTRIBUTES
        if "\0" in name:
            errors.setdefault(field, HAS_NUL)
        keys += 1
        for found in _faults(value):
            if found is None:
                keys += 1
            else:
                errors.setdefault(field, found)
    if keys > MAX_KEYS:
        errors[BODY] = TOO_MANY_KEYS
    return errors


def _faults(value: JsonValue) -> Iterator[str | None]:
    """Each fault below *value*, and None for each key; iterative, so that depth costs no stack."""
    pending: list[tuple[JsonValue, int]] = [(value, 1)]
    while pending:
        item, depth = pending.pop()
        if isinstance(item, str):
            if "\0" in item:
                yield HAS_NUL
        elif isinstance(item, dict | list):
            if depth > MAX_DEPTH:
                yield TOO_DEEP
                continue
            if isinstance(item, dict):
                for key in item:
                    yield HAS_NUL if "\0" in key else None
                item = list(item.values())
            pending.extend((child, depth + 1) for child in item)
        elif isinstance(item, int) and not SMALLEST_INTEGER <= item <= LARGEST_INTEGER:
            yield TOO_LARGE_INTEGER
