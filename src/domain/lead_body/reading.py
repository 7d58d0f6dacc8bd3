"""
The one pass from a body to a lead: fields, what stands in for absent ones, and attributes.

It is pure: the same body is always the same lead.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from domain.json_value import JsonObject, JsonValue
from domain.lead import RULES, LeadDetails, Text
from domain.lead_body.fitting import attributes_that_fit, cut_to_fit
from domain.lead_body.shape import MAX_KEYS, TOO_MANY_KEYS, faults_of
from domain.lead_body.standing_in import fill_absent
from domain.lead_body.values import IsEmail, Read, is_page, read_value
from domain.refusals import FieldError, InvalidLead

BODY, ATTRIBUTES, UTM = "body", "attributes", "utm"
_RULES = dict(RULES)
_PLAIN = {
    n: rule.limit for n, rule in RULES.items() if isinstance(rule, Text) and not rule.is_email
}
"""How long a text may be that is kept as it was sent, by field."""


class LeadReading(NamedTuple):
    """
    What a body says.

    Attributes:
        warnings: What did not fit where it was read leniently; all of it is in the attributes.
    """

    details: LeadDetails
    warnings: tuple[FieldError, ...] = ()


def read_lead(body: JsonObject, is_email: IsEmail, *, lenient: bool = False) -> LeadReading:
    """
    The lead that *body* describes.

    Named strings are trimmed; null and the empty string count as absent. Where a field is absent,
    its usual aliases stand for it. Whatever else is in the body is kept among the attributes,
    where an explicit attribute keeps its name.

    *body* has no key of ours in it (`without_keys`). One that only reading brings to light is
    replaced where a new text is made of what was sent: in `values` and `aliases`.

    If it is read *lenient*ly, what does not fit refuses nothing: it is cut, and kept whole as an
    attribute. *is_email* judges the syntax of addresses.

    Raises:
        InvalidLead: Naming every wrong field, never repeating what was sent; not if *lenient*.
    """
    parts = _read_fields(body, is_email, lenient=lenient)
    errors = _in_order(parts.errors) if parts.errors else ()
    if errors and not lenient:
        raise InvalidLead(errors)
    if errors:
        _cut_what_is_wrong(parts)
    values, others = parts.values, parts.others
    if others:

        def read(name: str, sent: JsonValue) -> Read:
            return read_value(sent, RULES[name], is_email, lenient=lenient)

        fill_absent(values, others, read)
    if others or parts.whole:
        values[ATTRIBUTES] = _beside(others | parts.whole, values.get(ATTRIBUTES, {}))
    if errors:
        values[ATTRIBUTES] = attributes_that_fit(values.get(ATTRIBUTES, {}))
    return LeadReading(LeadDetails(**values), errors)


@dataclass(slots=True)
class _Parts:
    """
    A body taken apart: what its fields mean, what is wrong with some, and everything else.

    What a field does not hold all of is kept *whole* among the attributes.
    """

    errors: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    whole: dict[str, JsonValue] = field(default_factory=dict)
    others: dict[str, JsonValue] = field(default_factory=dict)


def _read_fields(body: JsonObject, is_email: IsEmail, *, lenient: bool) -> _Parts:
    parts = _Parts(_shape_errors(body))
    for name, sent in body.items():
        rule = _RULES.get(name)
        if rule is None:
            parts.others[name] = sent
            continue
        if sent.__class__ is str and len(sent) <= _PLAIN.get(name, -1):  # as most are
            if text := sent.strip():
                parts.values[name] = text
            continue
        value, error = read_value(sent, rule, is_email, lenient=lenient)
        if error is not None:
            parts.errors.setdefault(name, error)
            parts.whole[name] = sent
        elif value is not None:
            parts.values[name] = value
            if name == UTM and is_page(sent):
                parts.whole[UTM] = sent  # the address says more than its parameters
    return parts


def _cut_what_is_wrong(parts: _Parts) -> None:
    utm = parts.values.get(UTM)
    if utm is not None and (UTM in parts.errors or faults_of(utm)[0] > MAX_KEYS):
        parts.whole[UTM] = parts.values.pop(UTM)
    for name, sent in parts.whole.items():
        if name not in parts.values and (cut := cut_to_fit(sent, RULES[name])) is not None:
            parts.values[name] = cut


def _in_order(errors: Mapping[str, str]) -> tuple[FieldError, ...]:
    return tuple(FieldError(name, errors[name]) for name in (*RULES, BODY) if name in errors)


def _beside(others: JsonObject, attributes: JsonObject) -> JsonObject:
    """*others* among the *attributes*; an explicit attribute keeps its name, and ours changes."""
    together: dict[str, JsonValue] = {}
    for name, value in others.items():
        free = name
        while free in attributes or free in together:
            free = f"{free} (as sent)"
        together[free] = value
    return {**together, **attributes}


def _shape_errors(body: JsonObject) -> dict[str, str]:
    """What is wrong with the shape of *body* at any depth, by top-level field."""
    errors: dict[str, str] = {}
    keys, found = faults_of(body, level=0)
    if found:  # as in hardly any body: then it is asked where
        for name, value in body.items():
            _, faults = faults_of(value)
            for fault in faults:
                # An unknown name is the sender's own text, so it is never named in an answer.
                errors.setdefault(name if name in RULES else ATTRIBUTES, fault)
    if keys > MAX_KEYS:
        errors[BODY] = TOO_MANY_KEYS
    return errors
