"""`swiftcrm lead export`."""

import csv
import io
import json
from typing import Any

import pytest

from domain.identity import Identity
from domain.lead import LeadDetails
from tests.entrypoints.cli.command_line import CommandLine, of
from tests.support.builders import a_message

COLUMNS = (
    "lead_id,channel,captured_at,name,email,phone,attributes,source_url,referrer,utm,page_trail,"
    "request_id,messages"
)
BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
Made = dict[str, Any]


def _export(cli: CommandLine, form: str) -> str:
    done = cli("lead", "export", "Acme Ltd", "--format", form)
    assert done.exit_code == 0, done.stderr
    return done.stdout


def _rows(cli: CommandLine) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(_export(cli, "csv"), newline="")))


def _cell(cli: CommandLine, project_id: str, **details: Any) -> dict[str, str]:
    cli.keep(project_id, of(project_id, details=LeadDetails(**details)))
    return _rows(cli)[-1]


@pytest.mark.parametrize(("form", "text"), [("csv", f"{COLUMNS}\r\n"), ("ndjson", "")])
def test_no_leads_are_a_header_or_nothing(
    cli: CommandLine, acme: Made, form: str, text: str
) -> None:
    assert _export(cli, form) == text


def test_ndjson_is_one_lead_a_line_as_show_prints_it(cli: CommandLine, acme: Made) -> None:
    details = LeadDetails(name="Zoë\nO'Neill \u2028", attributes={"a": ["\u202e", "\r\n"]})
    cli.keep(acme["project_id"], of(acme["project_id"], details=details, message=a_message()))
    cli.keep(acme["project_id"], of(acme["project_id"]))

    lines = _export(cli, "ndjson").removesuffix("\n").split("\n")

    assert [json.loads(line) for line in lines] == [
        cli.json("lead", "show", "Acme Ltd", number) for number in ("1", "2")
    ]
    assert "\u202e" not in lines[0]
    assert "\\u202e" in lines[0]


@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_a_joined_lead_is_exported_within_the_one_that_it_joined(
    cli: CommandLine, acme: Made, form: str
) -> None:
    names = Identity("phone", "4930123456"), Identity("user_id", "DE.1")
    cli.keep(
        acme["project_id"],
        *(
            of(acme["project_id"], message=a_message(), channel="whatsapp", identities=some)
            for some in (names[:1], names[1:], names)
        ),
    )

    text = _export(cli, form)

    assert len(text.splitlines()) == (2 if form == "csv" else 1)
    assert text.count("message_id") == 3


@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_an_export_is_complete_across_pages(cli: CommandLine, acme: Made, form: str) -> None:
    project_id = acme["project_id"]
    cli.keep(project_id, *(of(project_id) for _ in range(1200)))

    text = _export(cli, form)
    numbers = (
        [int(row["lead_id"]) for row in csv.DictReader(io.StringIO(text, newline=""))]
        if form == "csv"
        else [json.loads(line)["lead_id"] for line in text.splitlines()]
    )

    assert numbers == list(range(1, 1201))


def test_a_cell_of_csv_holds_objects_as_json(cli: CommandLine, acme: Made) -> None:
    row = _cell(
        cli,
        acme["project_id"],
        name='Ada "the first", Lovelace\nCountess',
        attributes={"a": [1, None]},
        utm={"utm_source": "ads"},
        page_trail=("/", "/b"),
    )

    assert row["name"] == 'Ada "the first", Lovelace\nCountess'
    assert json.loads(row["attributes"]) == {"a": [1, None]}
    assert json.loads(row["utm"]) == {"utm_source": "ads"}
    assert json.loads(row["page_trail"]) == ["/", "/b"]


def test_what_is_absent_is_an_empty_cell(cli: CommandLine, acme: Made) -> None:
    row = _cell(cli, acme["project_id"])

    filled = ("lead_id", "channel", "captured_at", "request_id")
    assert all(value == "" for name, value in row.items() if name not in filled)


@pytest.mark.parametrize(
    "name",
    ["=HYPERLINK(1)", "@SUM(A1)", "-1", "+1", "\tx", "\rx", f"{BIDI}=1", "=", "\n=1"],
)
def test_a_cell_that_would_be_a_formula_begins_with_an_apostrophe(
    cli: CommandLine, acme: Made, name: str
) -> None:
    cell = _cell(cli, acme["project_id"], name=name)["name"]

    assert cell == "'" + name.removeprefix(BIDI)


@pytest.mark.parametrize("sign", ["\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_a_full_width_sign_begins_no_formula_either(
    cli: CommandLine, acme: Made, sign: str
) -> None:
    assert _cell(cli, acme["project_id"], name=f"{sign}1")["name"] == f"'{sign}1"


@pytest.mark.parametrize("column", ["name", "email", "phone", "source_url", "referrer"])
def test_every_column_of_strangers_is_guarded(cli: CommandLine, acme: Made, column: str) -> None:
    row = _cell(cli, acme["project_id"], **{column: "=1+1@example.com"})

    assert row[column] == "'=1+1@example.com"


@pytest.mark.parametrize("phone", ["+49 30 123456", "+49301234567", "+1 (555) 010-9999", "030 12"])
def test_a_plain_phone_number_stays_as_it_is(cli: CommandLine, acme: Made, phone: str) -> None:
    assert _cell(cli, acme["project_id"], phone=phone)["phone"] == phone


@pytest.mark.parametrize(
    "phone", ["+1+cmd|' /C calc'!A0", "+A1:A9", "=1", "-1", "@x", "+", "+1*2345", "+٤٥٦٧٨٩"]
)
def test_a_phone_that_could_call_something_is_guarded(
    cli: CommandLine, acme: Made, phone: str
) -> None:
    assert _cell(cli, acme["project_id"], phone=phone)["phone"] == f"'{phone}"


def test_a_plus_outside_the_phone_is_guarded(cli: CommandLine, acme: Made) -> None:
    assert _cell(cli, acme["project_id"], name="+49 30 123456")["name"] == "'+49 30 123456"


def test_characters_that_turn_text_are_not_in_csv(cli: CommandLine, acme: Made) -> None:
    _cell(cli, acme["project_id"], name=f"a{BIDI}b", attributes={f"k{BIDI}": f"v{BIDI}"})

    text = _export(cli, "csv")

    assert "ab" in text
    assert not set(text) & set(BIDI)
    assert json.loads(_rows(cli)[0]["attributes"]) == {f"k{BIDI}": f"v{BIDI}"}


def test_an_unknown_format_is_wrong_usage(cli: CommandLine, acme: Made) -> None:
    done = cli("lead", "export", "Acme Ltd", "--format", "xml")

    assert done.exit_code == 2
    assert "ndjson" in done.stderr


def test_an_export_of_nobodys_project_prints_nothing(cli: CommandLine, acme: Made) -> None:
    done = cli("lead", "export", "Nobody", "--format", "csv")

    assert done.exit_code == 3
    assert done.stdout == ""
