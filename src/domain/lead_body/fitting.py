"""What does not fit, made to fit: nothing that is read leniently refuses a lead, or is lost."""

from collections.abc import Mapping

from domain.json_value import JsonObject, JsonValue, json_text
from domain.lead import Rule, Text
from domain.lead_body.shape import (
    MAX_KEYS,
    TOO_DEEP,
    faults_of,
    with_text_for_large_integers,
)


def cut_to_fit(value: JsonValue, rule: Rule) -> str | None:
    """The beginning of a text that is too long; None of anything else, and of an address."""
    if not isinstance(rule, Text) or rule.is_email or not isinstance(value, str):
        return None
    return value.strip()[: rule.limit].rstrip() or None


def attributes_that_fit(attributes: JsonObject) -> JsonObject:
    """*attributes*, in which what is too deep, or has too many keys, is its JSON as text."""
    fitting = {name: _that_fits(value) for name, value in attributes.items()}
    if _keys_of(fitting) > MAX_KEYS:
        fitting = {name: _as_text_if_object(value) for name, value in fitting.items()}
    if len(fitting) > MAX_KEYS:
        fitting = {"attributes": json_text(fitting)}
    return fitting


def _that_fits(value: JsonValue) -> JsonValue:
    _, faults = faults_of(value, level=2)
    if TOO_DEEP in faults:
        return json_text(value)
    return with_text_for_large_integers(value) if faults else value


def _keys_of(value: JsonValue) -> int:
    return faults_of(value)[0]


def _as_text_if_object(value: JsonValue) -> JsonValue:
    return json_text(value) if isinstance(value, Mapping | list | tuple) else value
