"""The rows of a table of leads."""

import json

import pytest

from entrypoints.exports.columns import COLUMNS, Column, columns_named
from tests.entrypoints.exports.tables import a_lead, row_of, rows_of, text_of


def test_every_cell_is_in_quotes_the_head_too() -> None:
    text = text_of(a_lead(name='Ada "the first"'), columns=columns_named("lead_id,name,email"))

    assert text == '"lead_id","name","email"\r\n"1","Ada ""the first""",""\r\n'


def test_a_row_holds_texts_as_they_are_and_objects_as_json() -> None:
    row = row_of(
        name='Ada "the first", Lovelace\nCountess',
        attributes={"a": [1, None]},
        utm={"utm_source": "ads"},
        page_trail=("/", "/b"),
    )

    assert tuple(row) == COLUMNS
    assert row["name"] == 'Ada "the first", Lovelace\nCountess'
    assert json.loads(row["attributes"]) == {"a": [1, None]}
    assert json.loads(row["utm"]) == {"utm_source": "ads"}
    assert json.loads(row["page_trail"]) == ["/", "/b"]


def test_what_is_absent_is_an_empty_cell() -> None:
    filled = {name for name, value in row_of().items() if value}

    assert filled == {"lead_id", "channel", "captured_at", "request_id", "no_contact"}


@pytest.mark.parametrize("column", ["name", "email", "source_url", "referrer"])
def test_every_column_of_strangers_is_guarded(column: str) -> None:
    assert row_of(**{column: "=1+1@example.com"})[column] == "'=1+1@example.com"


def test_a_plus_begins_the_phone_and_nothing_else() -> None:
    number = "+49 30 123456"
    row = row_of(
        columns_named("phone,name,attributes.phone"),
        name=number,
        phone=number,
        attributes={"phone": number},
    )

    assert row == {"phone": number, "name": f"'{number}", "attributes.phone": f"'{number}"}


def test_a_head_is_guarded_as_any_other_cell() -> None:
    assert text_of(columns=[Column("attributes", 'x;=1\t"')]) == '"attributes.x;\'=1 """\r\n'


def test_the_byte_order_mark_comes_once_and_first() -> None:
    lead = a_lead(name="Zoë")

    assert text_of(lead, for_excel=True) == f"\ufeff{text_of(lead)}"


def test_leads_do_not_change_each_other() -> None:
    rows = rows_of(a_lead(1, name="Ada"), a_lead(2), columns=columns_named("lead_id,name"))

    assert rows == [{"lead_id": "1", "name": "Ada"}, {"lead_id": "2", "name": ""}]
