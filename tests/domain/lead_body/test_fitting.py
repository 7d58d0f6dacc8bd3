"""What is read leniently refuses no lead, and nothing of it is lost."""

import pytest
from hypothesis import given

from domain.json_value import JsonObject
from domain.lead_body.shape import MAX_KEYS, faults_of
from tests.domain.lead_body.bodies import read_leniently
from tests.domain.lead_body.test_shape import BODIES, arrays, objects

LONG_URL = "https://example.com/?" + "x" * 2100


@pytest.mark.parametrize(
    ("body", "lead", "warned"),
    [
        (
            {"name": "Ada", "email": "ada.example.com"},
            {"name": "Ada", "attributes": {"email": "ada.example.com"}},
            ["email"],
        ),
        ({"email": "mailto:ada@example.com"}, {"email": "ada@example.com"}, []),
        (
            {"name": {"first": "Ada", "last": "Lovelace"}},
            {"attributes": {"name": {"first": "Ada", "last": "Lovelace"}}},
            ["name"],
        ),
        (
            {"phone": "1" * 60},
            {"phone": "1" * 50, "attributes": {"phone": "1" * 60}},
            ["phone"],
        ),
        (
            {"source_url": LONG_URL},
            {"source_url": LONG_URL[:2048], "attributes": {"source_url": LONG_URL}},
            ["source_url"],
        ),
        ({"email": "@" * 300}, {"attributes": {"email": "@" * 300}}, ["email"]),
        (
            {"utm": 7, "page_trail": [1]},
            {"attributes": {"utm": 7, "page_trail": [1]}},
            ["utm", "page_trail"],
        ),
        (
            {"utm": 7, "utm_source": "x"},
            {"attributes": {"utm": 7}, "utm": {"utm_source": "x"}},
            ["utm"],
        ),
        # what stands beside a field that is wrong stands in for it
        (
            {"email": "n/a", "E-Mail": "ada@example.com"},
            {"email": "ada@example.com", "attributes": {"email": "n/a"}},
            ["email"],
        ),
        (
            {"name": {"first": "A."}, "first_name": "Ada"},
            {"name": "Ada", "attributes": {"name": {"first": "A."}}},
            ["name"],
        ),
        (
            {"phone": "1" * 60, "tel": "12345"},
            {"phone": "1" * 50, "attributes": {"phone": "1" * 60, "tel": "12345"}},
            ["phone"],
        ),
        ({"attributes": "text"}, {"attributes": {"attributes": "text"}}, ["attributes"]),
        (
            {"phone": [], "attributes": {"phone": "explicit"}},
            {"attributes": {"phone (as sent)": [], "phone": "explicit"}},
            ["phone"],
        ),
        (
            {"attributes": {"visitor": 98765432109876543210, "n": [2**64]}},
            {"attributes": {"visitor": "98765432109876543210", "n": ["18446744073709551616"]}},
            ["attributes"],
        ),
        (
            {"x": arrays(9), "attributes": {"y": arrays(7), "z": arrays(8)}},
            {
                "attributes": {
                    "x": "[" * 9 + "0" + "]" * 9,
                    "y": arrays(7),
                    "z": "[" * 8 + "0" + "]" * 8,
                }
            },
            ["attributes"],
        ),
        (
            {"utm": {"a": arrays(8)}},
            {"attributes": {"utm": '{"a":' + "[" * 8 + "0" + "]" * 8 + "}"}},
            ["utm"],
        ),
        # nor does it when it would be moved into utm
        (
            {"utm_source": 2**64, "fbclid": "x", "utm": {"a": 1}},
            {"attributes": {"utm_source": "18446744073709551616"}, "utm": {"fbclid": "x", "a": 1}},
            ["attributes"],
        ),
        (
            {"data": {"email": "ada@example.com", "gclid": arrays(8)}},
            {
                "email": "ada@example.com",
                "attributes": {"data": '{"gclid":' + "[" * 8 + "0" + "]" * 8 + "}"},
            },
            ["attributes"],
        ),
    ],
)
def test_what_does_not_fit_is_cut_and_kept_whole_among_the_attributes(
    body: JsonObject, lead: JsonObject, warned: list[str]
) -> None:
    details, warnings = read_leniently(body)

    assert details.present() == lead
    assert list(warnings) == warned


@pytest.mark.parametrize(
    "body",
    [
        {"x": {f"k{n}": n for n in range(MAX_KEYS)}, "plan": "pro"},
        {"attributes": {"x": [{"a": n} for n in range(MAX_KEYS + 1)]}},
        {f"k{n}": n for n in range(MAX_KEYS + 1)},
        {"attributes": {f"k{n}": n for n in range(MAX_KEYS + 1)}},
        {"utm": {f"k{n}": n for n in range(MAX_KEYS + 1)}},
        {"utm": {"a": 1}, **{f"utm_k{n}": n for n in range(MAX_KEYS + 1)}},
    ],
)
def test_what_has_too_many_keys_becomes_its_json_as_text(body: JsonObject) -> None:
    details, warnings = read_leniently(body)

    assert warnings == {"body": "must not have more than 2,000 keys in all"}
    assert faults_of(details.present())[0] <= MAX_KEYS
    assert f"k{MAX_KEYS - 1}" in str(details.present()) or f'"a":{MAX_KEYS}' in str(
        details.present()
    )


@given(BODIES)
def test_no_body_that_can_be_read_is_refused(body: JsonObject) -> None:
    details, _ = read_leniently(body)

    keys, faults = faults_of(details.present())
    assert keys <= MAX_KEYS
    assert faults == []


@pytest.mark.parametrize("nest", [objects, arrays])
def test_depth_costs_no_stack(nest: object) -> None:
    details, _ = read_leniently({"x": nest(50_000)})  # type: ignore[operator]

    assert len(str(details.attributes["x"])) > 100_000 - 2
