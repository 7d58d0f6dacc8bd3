"""Columns by their names."""

import pytest

from entrypoints.exports.columns import COLUMNS, Column, UnknownColumn, columns_named


def test_a_table_has_all_of_a_lead() -> None:
    assert ",".join(COLUMNS) == (
        "lead_id,channel,captured_at,name,email,phone,source,medium,campaign,click_ids,first_touch,"
        "attributes,source_url,referrer,utm,page_trail,request_id,messages,no_contact"
    )


@pytest.mark.parametrize(
    ("names", "columns"),
    [
        ("name", [Column("name")]),
        (" Name", [Column("name")]),
        ("Attributes.Budget", [Column("attributes", "Budget")]),
        ("utm, name,utm", [Column("utm"), Column("name"), Column("utm")]),
        ("attributes.budget", [Column("attributes", "budget")]),
        ("utm.utm_source,name", [Column("utm", "utm_source"), Column("name")]),
        ("attributes.a.b", [Column("attributes", "a.b")]),
        ("attributes.", [Column("attributes", "")]),
        ("click_ids.gclid,first_touch", [Column("click_ids", "gclid"), Column("first_touch")]),
        ("attributes.How much? ", [Column("attributes", "How much? ")]),
        ('"attributes.a, or b",name', [Column("attributes", "a, or b"), Column("name")]),
        ('"attributes.a\n""b""",name', [Column("attributes", 'a\n"b"'), Column("name")]),
        ('attributes.3" or 4"', [Column("attributes", '3" or 4"')]),
    ],
)
def test_columns_come_in_the_order_of_their_names(names: str, columns: list[Column]) -> None:
    assert list(columns_named(names)) == columns


@pytest.mark.parametrize(
    ("names", "unknown"),
    [
        ("naem", "naem"),
        ("name,Emial", "Emial"),
        ("", ""),
        ("name,", ""),
        ("name.first", "name.first"),
        ("page_trail.0", "page_trail.0"),
        ("source.name", "source.name"),
        ("budget", "budget"),
        (".a", ".a"),
        ("name\nemail", "name\nemail"),
    ],
)
def test_a_column_that_is_not_there_is_named(names: str, unknown: str) -> None:
    with pytest.raises(UnknownColumn) as raised:
        columns_named(names)

    assert raised.value.name == unknown
