import json
from dataclasses import FrozenInstanceError, fields

import pytest

from domain.lead import RULES, AnyObject, LeadDetails, ListOfStrings, Text

WHOLE = LeadDetails(
    name="Ada",
    email="ada@example.com",
    phone="+44 20 7946 0000",
    attributes={"$where": 1, "a.b": None, "": [True, {"x": "y"}]},
    source_url="https://example.com/",
    referrer="https://example.org/",
    utm={"utm_source": "x"},
    page_trail=("/", "", "/pricing"),
)


def test_the_fields_and_limits_are_the_contracts() -> None:
    assert dict(RULES) == {
        "name": Text(255),
        "email": Text(255, is_email=True),
        "phone": Text(50, may_be_number=True, may_be_false=True),
        "attributes": AnyObject(as_text="json"),
        "source_url": Text(2048, may_be_false=True),
        "referrer": Text(2048, may_be_false=True),
        "utm": AnyObject(as_text="query"),
        "page_trail": ListOfStrings(),
    }


def test_every_field_has_a_rule() -> None:
    assert [field.name for field in fields(LeadDetails)] == list(RULES)


def test_every_field_is_optional() -> None:
    assert LeadDetails().present() == {}


def test_only_what_is_there_is_present() -> None:
    details = LeadDetails(name="Ada", attributes={}, page_trail=())

    assert details.present() == {"name": "Ada"}


@pytest.mark.parametrize("details", [LeadDetails(), LeadDetails(name="Ada"), WHOLE])
def test_details_survive_the_way_through_json(details: LeadDetails) -> None:
    stored = json.dumps(details.present())

    assert LeadDetails.of(json.loads(stored)) == details


def test_the_attributes_of_two_leads_are_never_one_object() -> None:
    assert LeadDetails().attributes is not LeadDetails().attributes


def test_details_do_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        WHOLE.name = "Eve"  # type: ignore[misc]
