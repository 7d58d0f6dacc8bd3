"""
What the value of a field means, however a program writes it.

What differs only in how it is written is taken as it is meant: PHP writes an empty object as
`[]`, a spreadsheet writes a phone number as a number. Every line was seen in the field.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from typing import Any
from urllib.parse import parse_qsl

from domain.api_key import text_without_keys
from domain.json_value import JsonObject, JsonValue, cleaned, with_texts
from domain.lead import AnyObject, ListOfStrings, Rule, Text
from domain.lead_body.shape import MAX_KEYS, TOO_MANY_KEYS, faults_of

NOT_TEXT = "must be a string"
NOT_OBJECT = "must be an object"
NOT_STRINGS = "must be an array of strings"
NOT_EMAIL = "must be an e-mail address"

IsEmail = Callable[[str], bool]

ABSENT: tuple[None, None] = (None, None)
Read = tuple[Any, str | None]
"""The value to keep, and what is wrong with it: one of them is None; both, if it is absent."""

_SHORTEST_NUMBER, _LONGEST_NUMBER = 10**6, 10**15 - 1
"""A phone number has 7 to 15 digits (ITU-T E.164)."""
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
"""Unicode's Default_Ignorable_Code_Point, and a few more that nobody sees."""
BEGINS_AS_PAGE = ("/", "http://", "https://")
_NUMBERS = re.compile(r"[0-9]{1,9}", re.ASCII)
_MOST_PARAMETERS = 200
_WRAPPED_ADDRESS = re.compile(r"[^<>]*<([^<>]+)>[.,; ]*")


def read_value(value: JsonValue, rule: Rule, is_email: IsEmail, *, lenient: bool) -> Read:
    """What *value* means as a field of this *rule*."""
    if value is None or value == "":
        return ABSENT
    match rule:
        case Text():
            return _read_text(value, rule, is_email, lenient=lenient)
        case AnyObject():
            return _read_object(value, rule)
        case ListOfStrings():
            return _read_strings(value)


def _read_text(value: JsonValue, rule: Text, is_email: IsEmail, *, lenient: bool) -> Read:
    if value is False and rule.may_be_false:
        return ABSENT
    if rule.may_be_number and _is_number(value):
        value = str(value)
    if not isinstance(value, str):
        return None, NOT_TEXT
    text = address_in(value, lenient=lenient) if rule.is_email else value.strip()
    if len(text) > rule.limit:
        return None, f"must not be longer than {rule.limit} characters"
    if text and rule.is_email and not is_email(text):
        return None, NOT_EMAIL
    if rule.is_email:  # without what was invisible in it, it may say a key of ours
        text = text_without_keys(text)
    return text or None, None


def _is_number(value: JsonValue) -> bool:
    return (
        isinstance(value, int)
        and not isinstance(value, bool)
        and _SHORTEST_NUMBER <= value <= _LONGEST_NUMBER
    )


def address_in(text: str, *, lenient: bool) -> str:
    """
    The e-mail address in *text*, without what is invisible around and inside it.

    If it is read *lenient*ly, `mailto:` and `Name <address>` are taken off it, and the dot, comma
    or semicolon that ended the sentence or the list it was copied from.
    """
    if not text.isascii():
        text = _INVISIBLE.sub("", text)
    text = text.strip()
    if not lenient:
        return text
    if wrapped := _WRAPPED_ADDRESS.fullmatch(text):
        text = wrapped[1].strip()
    if text[:7].lower() == "mailto:":
        text = text[7:].partition("?")[0]
    return text.rstrip(".,; ")


def _read_object(value: JsonValue, rule: AnyObject) -> Read:
    if value.__class__ is dict or isinstance(value, Mapping):
        return value, None
    if value == []:
        return ABSENT
    if isinstance(value, str):
        found = _object_in(value) if rule.as_text == "json" else _parameters_in(value)
        if found is not None:
            return _in_shape(found)
    return None, NOT_OBJECT


def _in_shape(found: JsonObject) -> Read:
    """What was text in the body: nobody judged its shape yet, or looked for keys of ours in it."""
    keys, faults = faults_of(found)
    if keys > MAX_KEYS:
        faults = [TOO_MANY_KEYS]
    return (None, faults[0]) if faults else (with_texts(found, text_without_keys), None)


def _object_in(text: str) -> JsonObject | None:
    try:
        value = cleaned(json.loads(text, parse_constant=_finite, parse_float=_finite))
    except (ValueError, RecursionError):  # no JSON, or far deeper than anybody means it
        return None
    return value if isinstance(value, Mapping) else None


def _finite(number: str) -> float:
    """*number*; NaN and Infinity are no JSON, and what is as large as 1e400 would become one."""
    value = float(number)
    if not isfinite(value):
        raise ValueError(number)
    return value


def is_page(value: JsonValue) -> bool:
    """Whether *value* is the address of a page, or the path of one."""
    return isinstance(value, str) and value.lstrip().startswith(BEGINS_AS_PAGE)


def _parameters_in(text: str) -> JsonObject | None:
    """The parameters of a query string, or of the address of a page; one that repeats is a list."""
    if "=" not in text:
        return None
    query = text.strip().lstrip("?#")
    if is_page(text):
        query = query.partition("?")[2].partition("#")[0]
    try:
        pairs = _pairs_in(query)
    except ValueError:  # more than anybody has
        return None
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name not in found:
            found[name] = value
        elif isinstance(found[name], list):
            found[name].append(value)
        else:
            found[name] = [found[name], value]
    return {cleaned(name): cleaned(value) for name, value in found.items()}


def _pairs_in(query: str) -> list[tuple[str, str]]:
    options: dict[str, Any] = {"keep_blank_values": True, "max_num_fields": _MOST_PARAMETERS}
    try:
        return parse_qsl(query, errors="strict", **options)
    except UnicodeDecodeError:  # as pages of another time write them
        return parse_qsl(query, encoding="windows-1252", errors="replace", **options)


def _read_strings(value: JsonValue) -> Read:
    if value.__class__ is list and {*map(type, value)} == {str}:  # as nearly all are
        return tuple(value), None
    if isinstance(value, str):
        return ((value,), None) if is_page(value) else (None, NOT_STRINGS)
    if isinstance(value, Mapping):
        if not all(_NUMBERS.fullmatch(key) for key in value):
            return None, NOT_STRINGS
        value = [value[key] for key in sorted(value, key=int)]
    if not isinstance(value, Sequence):
        return None, NOT_STRINGS
    strings = tuple(item for item in value if item is not None)
    if not all(isinstance(item, str) for item in strings):
        return None, NOT_STRINGS
    return strings, None
