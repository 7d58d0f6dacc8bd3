"""What a column has of a lead, and that nothing stands in two."""

from typing import Any

import pytest

from entrypoints.exports.columns import columns_named
from tests.entrypoints.exports.tables import row_of

AD = {"utm_source": "Google", "utm_medium": "cpc", "utm_campaign": "Spring", "gclid": "abc"}
FIRST = {"utm_source": "facebook", "fbclid": "F"}


def _row(names: str, **details: Any) -> dict[str, str]:
    return row_of(columns_named(names), **details)


def test_a_key_has_a_column_of_its_own_and_is_left_out_of_the_object() -> None:
    attributes = {"budget": "500", "a.b": {"c": 1}, "rest": "=1"}
    names = "attributes,attributes.budget,attributes.a.b,attributes.gone"

    assert _row(names, attributes=attributes) == {
        "attributes": '{"rest":"=1"}',
        "attributes.budget": "500",
        "attributes.a.b": '{"c":1}',
        "attributes.gone": "",
    }


def test_an_object_of_which_nothing_is_left_is_an_empty_cell() -> None:
    row = _row("utm,utm.a", utm={"a": "1"})

    assert row == {"utm": "", "utm.a": "1"}


def test_the_key_of_one_object_is_not_that_of_another() -> None:
    row = _row("attributes,utm.a", attributes={"a": "1"}, utm={"a": "2"})

    assert row == {"attributes": '{"a":"1"}', "utm.a": "2"}


def test_where_a_lead_came_from_has_columns() -> None:
    assert _row("source,medium,campaign,click_ids,first_touch", utm=AD, attributes={}) == {
        "source": "google",
        "medium": "cpc",
        "campaign": "Spring",
        "click_ids": '{"gclid":"abc"}',
        "first_touch": "",
    }


@pytest.mark.parametrize("holder", ["utm", "attributes"])
def test_a_click_id_has_a_column_wherever_it_was_sent(holder: str) -> None:
    row = _row(f"click_ids,click_ids.gclid,{holder}", **{holder: {"gclid": "abc", "other": "1"}})

    assert row == {"click_ids": "", "click_ids.gclid": "abc", holder: '{"other":"1"}'}


def test_another_click_id_of_the_same_name_stays_where_it_was_sent() -> None:
    row = _row("click_ids,utm,attributes", utm={"gclid": "1"}, attributes={"gclid": "2"})

    assert row == {"click_ids": '{"gclid":"1"}', "utm": "", "attributes": '{"gclid":"2"}'}


def test_the_first_touch_has_columns_for_its_parts() -> None:
    attributes = {"first_touch": FIRST, "size": "XL"}
    row = _row("first_touch,first_touch.utm_source,attributes", attributes=attributes)

    assert row == {
        "first_touch": '{"fbclid":"F"}',
        "first_touch.utm_source": "facebook",
        "attributes": '{"size":"XL"}',
    }


@pytest.mark.parametrize("names", ["attributes", "attributes,first_touch.utm_source"])
def test_what_has_no_column_of_its_own_stays_where_it_was_sent(names: str) -> None:
    row = _row(names, attributes={"first_touch": FIRST, "gclid": "abc"})

    assert (
        row["attributes"] == '{"first_touch":{"utm_source":"facebook","fbclid":"F"},"gclid":"abc"}'
    )


def test_a_first_touch_that_is_no_object_is_an_attribute() -> None:
    row = _row("first_touch,attributes", attributes={"first_touch": "a friend"})

    assert row == {"first_touch": "", "attributes": '{"first_touch":"a friend"}'}
