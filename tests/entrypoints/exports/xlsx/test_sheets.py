"""Sheets of Excel, opened with another library than the one that wrote them."""

from datetime import datetime, timedelta, timezone
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell

from domain.lead import Lead
from entrypoints.exports.columns import COLUMNS, columns_named
from entrypoints.exports.xlsx import sheets
from entrypoints.exports.xlsx.sheets import CUT, LONGEST_TEXT
from entrypoints.exports.xlsx.xlsx_format import xlsx_format
from tests.entrypoints.exports.tables import a_lead, made
from tests.support.builders import a_message

ALL = ",".join(COLUMNS)
HOSTILE = [
    "=1+1",
    "@SUM(1)",
    "https://evil.example/",
    "mailto:a@b.example",
    "javascript:alert(1)",
    '<c r="A1"><f>1+1</f></c>&amp;',
    "<r></is></c><c><f>1+1</f><v>2</v></c><c><is></r>",
    "_x003D_1+1",
    "{=1+1}",
    "true",
    "1e5",
    "2026-11-01",
    " blanks ",
    "two\nlines",
]


async def _book(*leads: Lead, columns: str = ALL) -> Workbook:
    return load_workbook(BytesIO(await made(xlsx_format(columns_named(columns)), *leads)))


async def _cells(columns: str, **fields: Any) -> list[Cell]:
    """The cells of one lead's row."""
    return list((await _book(a_lead(**fields), columns=columns))["Leads"][2])


async def test_numbers_and_phones_keep_their_plus_and_their_zeros() -> None:
    columns = "lead_id,phone,attributes.zip,attributes.budget,attributes.big"
    attributes = {"zip": "007", "budget": 1500.5, "big": 2**60}
    cells = await _cells(columns, phone="+49 0170 1234567", attributes=attributes)

    assert [(cell.value, cell.data_type) for cell in cells] == [
        ("1", "s"),
        ("+49 0170 1234567", "s"),
        ("007", "s"),
        ("1500.5", "s"),
        (str(2**60), "s"),
    ]
    assert {cell.number_format for cell in cells} == {"@"}


async def test_a_moment_is_a_date_in_utc_and_its_head_says_so() -> None:
    east = timezone(timedelta(hours=2))
    lead = a_lead(captured_at=datetime(2026, 11, 1, 1, 30, tzinfo=east))
    head, cell = (await _book(lead, columns="captured_at"))["Leads"]["A"]

    assert head.value == "captured_at (UTC)"
    assert cell.is_date
    assert cell.value.isoformat() == "2026-10-31T23:30:00"


async def test_what_a_sender_wrote_is_text() -> None:
    leads = [a_lead(number, name=text) for number, text in enumerate(HOSTILE, 1)]
    _, *cells = (await _book(*leads, columns="name"))["Leads"]["A"]

    shown = [cell.value.replace("_x005F_", "_") for cell in cells]  # as Excel reads it
    assert shown == HOSTILE
    assert {(cell.data_type, cell.hyperlink) for cell in cells} == {("s", None)}


async def test_no_formula_and_no_link_is_in_the_file() -> None:
    lead = a_lead(attributes={f"key {text}": text for text in HOSTILE}, source_url=HOSTILE[2])
    with ZipFile(BytesIO(await made(xlsx_format(), lead))) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        names = parts.namelist()

    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet
    assert not [name for name in names if "sheet1.xml.rels" in name or "externalLink" in name]


async def test_what_xml_has_no_characters_for_goes() -> None:
    (cell,) = await _cells("name", name="a\x01b\x0b\ufffe\uffff\u202ec\td\r\ne\rf")

    assert cell.value == "abc d\ne\nf"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("x" * LONGEST_TEXT, "x" * LONGEST_TEXT),
        ("x" * (LONGEST_TEXT + 1), "x" * (LONGEST_TEXT - len(CUT)) + CUT),
        ("😀" * 20_000, "😀" * ((LONGEST_TEXT - len(CUT)) // 2) + CUT),
    ],
    ids=["fits", "long", "pairs"],
)
async def test_a_text_that_fits_into_no_cell_is_cut_visibly(text: str, shown: str) -> None:
    (cell,) = await _cells("attributes.text", attributes={"text": text})

    assert cell.value == shown


async def test_where_a_lead_came_from_has_columns() -> None:
    columns = "source,medium,campaign,click_ids.gclid,first_touch.utm_source,attributes"
    utm = {"utm_source": "Google", "utm_medium": "cpc", "utm_campaign": "Spring", "gclid": "abc"}
    attributes = {"first_touch": {"utm_source": "facebook"}}
    cells = await _cells(columns, utm=utm, attributes=attributes)

    assert [cell.value for cell in cells] == [
        "google",
        "cpc",
        "Spring",
        "abc",
        "facebook",
        '{"first_touch":{"utm_source":"facebook"}}',
    ]


async def test_messages_are_what_was_written() -> None:
    lead = a_lead(messages=(a_message(text="Hello"), a_message(type="image", text=None)))
    sheet = (await _book(lead, columns="messages"))["Leads"]

    assert sheet["A2"].value == "Hello\n(image)"


async def test_the_head_stays_in_sight_and_filters() -> None:
    sheet = (await _book(a_lead(), a_lead(2), columns="name,email"))["Leads"]

    assert [cell.value for cell in sheet[1]] == ["name", "email"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B3"
    assert sheet.column_dimensions["B"].width > 20


async def test_no_leads_are_a_sheet_with_a_head() -> None:
    book = await _book(columns="name")

    assert [[cell.value for cell in row] for row in book["Leads"]] == [["name"]]


async def test_rows_that_are_too_many_go_on_in_a_second_sheet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)
    book = await _book(*map(a_lead, range(1, 6)), columns="lead_id")

    assert {sheet.title: [cell.value for cell in sheet["A"]] for sheet in book} == {
        "Leads": ["lead_id", "1", "2"],
        "Leads 2": ["lead_id", "3", "4"],
        "Leads 3": ["lead_id", "5"],
    }
    assert {sheet.freeze_panes for sheet in book} == {"A2"}
