"""Bodies of leads, read by a judge to whom whatever has an @ is an e-mail address."""

import pytest

from domain.json_value import JsonObject
from domain.lead import LeadDetails
from domain.lead_validation import read_details
from domain.refusals import InvalidLead

TEXTS = {"name": 255, "phone": 50, "source_url": 2048, "referrer": 2048}


def has_at(text: str) -> bool:
    return "@" in text


def read(body: JsonObject) -> LeadDetails:
    return read_details(body, has_at)


def errors_of(body: JsonObject) -> dict[str, str]:
    with pytest.raises(InvalidLead) as refused:
        read(body)
    errors = refused.value.errors
    assert len({error.field for error in errors}) == len(errors)
    return {error.field: error.message for error in errors}
