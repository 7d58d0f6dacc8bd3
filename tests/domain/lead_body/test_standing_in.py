"""What stands in for fields that are absent."""

import pytest

from domain.json_value import JsonObject
from domain.lead_body.reading import read_lead
from domain.lead_body.standing_in import MOST_TRIED
from tests.domain.lead_body.bodies import read

ADA, EMAIL = "Ada Lovelace", "ada@example.com"


@pytest.mark.parametrize(
    ("body", "lead"),
    [
        ({"Name": ADA, "Email": EMAIL}, {"name": ADA, "email": EMAIL}),
        ({"name": None, "email": "", "Name": ADA, "E-Mail": EMAIL}, {"name": ADA, "email": EMAIL}),
        ({"name": "Ada", "Full Name": ADA}, {"name": "Ada", "attributes": {"Full Name": ADA}}),
        # of several the first of the table that fits
        ({"your-email": EMAIL, "Email": "n/a"}, {"email": EMAIL, "attributes": {"Email": "n/a"}}),
        (
            {"mobile": "+44 2222", "Phone": "+44 1111"},
            {"phone": "+44 1111", "attributes": {"mobile": "+44 2222"}},
        ),
        ({"Email": "", "mail": EMAIL}, {"email": EMAIL, "attributes": {"Email": ""}}),
        # what a form asks under such a name and is no answer of the field's kind
        ({"whatsapp": "yes", "mobile": "1"}, {"attributes": {"whatsapp": "yes", "mobile": "1"}}),
        ({"cell": "B12", "tel": "+1234"}, {"attributes": {"cell": "B12", "tel": "+1234"}}),
        ({"landing_page": "Summer Sale"}, {"attributes": {"landing_page": "Summer Sale"}}),
        (
            {"landing_page": "/sale", "referer": "https://a.b"},
            {"source_url": "/sale", "referrer": "https://a.b"},
        ),
        ({"UTM": {"a": 1}, "Attributes": {"b": 2}}, {"utm": {"a": 1}, "attributes": {"b": 2}}),
        # what could not be the field, or became it in another form, stays
        ({"name": "Ada", "Email": "n/a"}, {"name": "Ada", "attributes": {"Email": "n/a"}}),
        ({"Name": {"first": "Ada"}}, {"attributes": {"Name": {"first": "Ada"}}}),
        ({"Name": "x" * 256}, {"attributes": {"Name": "x" * 256}}),
        ({"Phone": 442079460958}, {"phone": "442079460958", "attributes": {"Phone": 442079460958}}),
        ({"Email": f"\u200b{EMAIL}"}, {"email": EMAIL, "attributes": {"Email": f"\u200b{EMAIL}"}}),
        ({"Email": f" {EMAIL} "}, {"email": EMAIL}),
        ({"pageTrail": ["/"]}, {"page_trail": ("/",)}),
        # names of two parts
        (
            {"first_name": "Ada", "last_name": "Lovelace"},
            {"name": ADA, "attributes": {"first_name": "Ada", "last_name": "Lovelace"}},
        ),
        (
            {"nachname": "Lovelace", "Vorname": " Ada "},
            {"name": ADA, "attributes": {"nachname": "Lovelace", "Vorname": " Ada "}},
        ),
        ({"firstName": "Ada"}, {"name": "Ada"}),
        (
            {"firstName": "", "lastName": "Lovelace"},
            {"name": "Lovelace", "attributes": {"firstName": ""}},
        ),
        (
            {"first_name": 1, "last_name": None},
            {"attributes": {"first_name": 1, "last_name": None}},
        ),
        (
            {"Full Name": ADA, "first_name": "A.", "last_name": "L."},
            {"name": ADA, "attributes": {"first_name": "A.", "last_name": "L."}},
        ),
        (
            {"first_name": "x" * 200, "last_name": "y" * 200},
            {"attributes": {"first_name": "x" * 200, "last_name": "y" * 200}},
        ),
        # an explicit attribute is nobody's alias
        ({"attributes": {"Email": EMAIL}}, {"attributes": {"Email": EMAIL}}),
    ],
)
def test_where_a_field_is_absent_its_aliases_stand_for_it(
    body: JsonObject, lead: JsonObject
) -> None:
    assert read(body).present() == lead


@pytest.mark.parametrize(
    ("body", "lead"),
    [
        (
            {"utm_source": "google", "gclid": "x", "plan": "pro"},
            {"utm": {"utm_source": "google", "gclid": "x"}, "attributes": {"plan": "pro"}},
        ),
        (
            {"utm_source": "outer", "utm_term": "t", "utm": {"utm_source": "own"}},
            {"utm": {"utm_source": "own", "utm_term": "t"}, "attributes": {"utm_source": "outer"}},
        ),
        ({"utmSource": "a", "UTM_Medium": "b"}, {"utm": {"utm_source": "a", "utm_medium": "b"}}),
        ({"utm": "utm_source=a", "fbclid": "y"}, {"utm": {"utm_source": "a", "fbclid": "y"}}),
        ({"attributes": {"gclid": "x"}}, {"attributes": {"gclid": "x"}}),
        ({"utm_term": "", "utm_id": None}, {"attributes": {"utm_term": "", "utm_id": None}}),
    ],
)
def test_what_an_ad_says_beside_the_fields_is_moved_into_utm(
    body: JsonObject, lead: JsonObject
) -> None:
    assert read(body).present() == lead


@pytest.mark.parametrize(
    ("body", "lead"),
    [
        ({"data": {"name": ADA, "email": EMAIL}}, {"name": ADA, "email": EMAIL}),
        (
            {"event": "form", "payload": {"name": "Contact", "data": {"Name": ADA, "budget": 5}}},
            {
                "name": ADA,
                "attributes": {
                    "event": "form",
                    "payload": {"name": "Contact", "data": {"budget": 5}},
                },
            },
        ),
        (
            {"fields": {"E-Mail": EMAIL, "utm_source": "x", "page_trail": ["/"]}},
            {"email": EMAIL, "utm": {"utm_source": "x"}, "page_trail": ("/",)},
        ),
        # the first wrapper that says who it is
        (
            {"data": {"id": 1}, "fields": {"name": ADA}},
            {"name": ADA, "attributes": {"data": {"id": 1}}},
        ),
        (
            {"payload": {"data": {"name": ADA}}, "data": {"name": "Eve"}},
            {"name": ADA, "attributes": {"data": {"name": "Eve"}}},
        ),
        (
            {"name": "Form", "data": {"name": ADA, "email": EMAIL}},
            {"name": "Form", "email": EMAIL, "attributes": {"data": {"name": ADA}}},
        ),
        (
            {"email": EMAIL, "data": {"name": ADA, "phone": "+44 1111", "utm": {"a": 1}}},
            {"name": ADA, "email": EMAIL, "phone": "+44 1111", "utm": {"a": 1}},
        ),
        # a name alone may be that of the form
        (
            {"email": EMAIL, "data": {"name": "Contact form"}},
            {"email": EMAIL, "attributes": {"data": {"name": "Contact form"}}},
        ),
        ({"data": {"utm_source": "x"}}, {"attributes": {"data": {"utm_source": "x"}}}),
        (
            {"data": {"name": {"first": "Ada"}}},
            {"attributes": {"data": {"name": {"first": "Ada"}}}},
        ),
        (
            {"data": [{"name": ADA}], "payload": 7},
            {"attributes": {"data": [{"name": ADA}], "payload": 7}},
        ),
        ({"data": {"data": {"name": ADA}}}, {"attributes": {"data": {"data": {"name": ADA}}}}),
    ],
)
def test_fields_inside_one_wrapper_stand_for_absent_ones(
    body: JsonObject, lead: JsonObject
) -> None:
    sent = repr(body)

    assert read(body).present() == lead
    assert repr(body) == sent, "what was sent is not changed"


def test_so_many_names_for_a_field_are_tried_and_no_more() -> None:
    asked: list[str] = []
    body = {f"mail{number}": f"{number}@" for number in range(500)}

    read_lead(body, lambda text: bool(asked.append(text)))

    assert len(asked) == MOST_TRIED
