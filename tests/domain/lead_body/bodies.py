"""Bodies of leads, read by a judge to whom whatever has an @ is an e-mail address."""

import pytest

from domain.json_value import JsonObject
from domain.lead import LeadDetails
from domain.lead_body.reading import read_lead
from domain.refusals import InvalidLead

TEXTS = {"name": 255, "phone": 50, "source_url": 2048, "referrer": 2048}


def has_at(text: str) -> bool:
    return "@" in text


def read(body: JsonObject) -> LeadDetails:
    reading = read_lead(body, has_at)
    assert reading.warnings == ()
    return reading.details


def errors_of(body: JsonObject) -> dict[str, str]:
    with pytest.raises(InvalidLead) as refused:
        read(body)
    errors = refused.value.errors
    assert len({error.field for error in errors}) == len(errors)
    return {error.field: error.message for error in errors}


def read_leniently(body: JsonObject) -> tuple[LeadDetails, dict[str, str]]:
    """The lead, and the warnings by field."""
    reading = read_lead(body, has_at, lenient=True)
    return reading.details, {warning.field: warning.message for warning in reading.warnings}
