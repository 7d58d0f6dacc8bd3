"""Which keys get columns of their own."""

import json
from typing import Any

import pytest

from entrypoints.exports.columns import ALL_COLUMNS
from entrypoints.exports.wide import LONGEST_KEY, wide_columns
from tests.entrypoints.exports.tables import a_lead, given, row_of


async def _keys(*attributes: dict[str, Any], **bounds: int) -> list[str | None]:
    """The keys of attributes that get a column if leads have these."""
    leads = [a_lead(attributes=one) for one in attributes]
    return [c.key for c in await wide_columns(given(leads), **bounds) if c.key is not None]


async def test_without_leads_there_are_the_usual_columns() -> None:
    assert await wide_columns(given([])) == ALL_COLUMNS


async def test_the_keys_of_an_object_stand_behind_it_the_most_frequent_first() -> None:
    leads = [
        a_lead(attributes={"size": "", "budget": 1, "a.b": None}, utm={"utm_source": "x"}),
        a_lead(attributes={"budget": {}}, utm={"utm_term": "y"}),
    ]

    names = [column.name for column in await wide_columns(given(leads))]

    assert names[names.index("attributes") :] == [
        "attributes",
        "attributes.budget",
        "attributes.a.b",
        "attributes.size",
        "source_url",
        "referrer",
        "utm",
        "utm.utm_source",
        "utm.utm_term",
        "page_trail",
        "request_id",
        "messages",
        "no_contact",
    ]


async def test_a_click_id_and_the_first_touch_have_columns_once() -> None:
    attributes = {"first_touch": {"utm_source": "x", "gclid": "2"}, "fbclid": "3"}
    lead = a_lead(utm={"gclid": "1"}, attributes=attributes)

    columns = await wide_columns(given([lead]))

    assert [column.name for column in columns if column.key is not None] == [
        "click_ids.fbclid",
        "click_ids.gclid",
        "first_touch.gclid",
        "first_touch.utm_source",
    ]


async def test_only_the_most_frequent_get_a_column_and_the_others_stay_in_the_object() -> None:
    leads = [a_lead(attributes={"a": "1", "b": "2"}, utm={"c": "3"}), a_lead(utm={"c": "3"})]

    columns = await wide_columns(given(leads), most_keys=2)
    row = row_of(columns, attributes={"a": "1", "b": "2"}, utm={"c": "3"})

    assert (row["attributes.a"], row["attributes"], row["utm.c"]) == ("1", '{"b":"2"}', "3")


async def test_what_comes_after_the_keys_were_counted_is_not_lost() -> None:
    columns = await wide_columns(given([a_lead(attributes={"seen": "1"})]))

    row = row_of(columns, attributes={"new": ["2"]}, utm={"new": "3"})

    assert row["attributes.seen"] == ""
    assert json.loads(row["attributes"]) == {"new": ["2"]}
    assert json.loads(row["utm"]) == {"new": "3"}


@pytest.mark.parametrize(
    "key",
    [
        "k" * (LONGEST_KEY + 1),
        "two\nlines",
        "two\rlines",
        "a\u2028b",
        "tab\t",
        "\u202eturned",
        "\x00",
        "x;=1",
    ],
)
async def test_a_key_that_makes_no_head_stays_in_the_object(key: str) -> None:
    assert await _keys({key: "1", "plain": "1"}) == ["plain"]


@pytest.mark.parametrize(
    "key", ["", "=1", "a.b", 'say "hi", you', "Wie viel?", "नाम", "k" * LONGEST_KEY]
)
async def test_an_odd_key_may_make_a_head(key: str) -> None:
    assert await _keys({key: "1"}) == [key]


async def test_a_flood_of_keys_does_not_drive_out_those_of_real_leads() -> None:
    flood = [{f"key {number} {one}": "" for one in range(20)} for number in range(100)]
    leads = [lead for one in flood for lead in (one, {"email2": "x", "budget": 1})]

    assert (await _keys(*leads, most_counted=50))[:2] == ["budget", "email2"]


async def test_no_more_keys_are_counted_than_there_is_room_for() -> None:
    leads = [{f"key {number}": ""} for number in range(10)]

    assert len(await _keys(*leads[:9], most_counted=9)) == 9
    assert await _keys(*leads, most_counted=9) == []
