"""`swiftcrm lead export`."""

import csv
import io
import json
import re
import sys
import tempfile
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, TextIO

import pytest
import typer
from openpyxl import Workbook, load_workbook
from typer.testing import CliRunner

from application.leads import find
from domain.identity import Identity
from domain.lead import LeadDetails
from entrypoints.cli.app import build_cli
from entrypoints.exports.columns import COLUMNS
from entrypoints.process.main import new_container
from tests.entrypoints.cli.command_line import CommandLine, is_one_line, of
from tests.entrypoints.cli.terminal import Terminal, no_terminal
from tests.support.builders import NOW, a_message

HEAD = ",".join(f'"{name}"' for name in COLUMNS) + "\r\n"
Made = dict[str, Any]


def _export(cli: CommandLine, *options: str) -> str:
    done = cli("lead", "export", "Acme Ltd", *options)
    assert done.exit_code == 0, done.stderr
    return done.stdout


def _rows(cli: CommandLine, *options: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(_export(cli, *options), newline="")))


@pytest.mark.parametrize(("form", "text"), [("csv", HEAD), ("ndjson", "")])
def test_no_leads_are_a_header_or_nothing(
    cli: CommandLine, acme: Made, form: str, text: str
) -> None:
    assert _export(cli, "--format", form) == text


def test_ndjson_is_one_lead_a_line_as_show_prints_it(cli: CommandLine, acme: Made) -> None:
    details = LeadDetails(name="Zoë\nO'Neill \u2028", attributes={"a": ["\u202e", "\r\n"]})
    cli.keep(acme["project_id"], of(acme["project_id"], details=details, message=a_message()))
    cli.keep(acme["project_id"], of(acme["project_id"]))

    lines = _export(cli, "--format", "ndjson").removesuffix("\n").split("\n")

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

    text = _export(cli, "--format", form)

    assert len(text.splitlines()) == (2 if form == "csv" else 1)
    assert text.count("message_id") == 3


@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_an_export_is_complete_across_pages(cli: CommandLine, acme: Made, form: str) -> None:
    project_id = acme["project_id"]
    cli.keep(project_id, *(of(project_id) for _ in range(1200)))

    text = _export(cli, "--format", form)
    numbers = (
        [int(row["lead_id"]) for row in csv.DictReader(io.StringIO(text, newline=""))]
        if form == "csv"
        else [json.loads(line)["lead_id"] for line in text.splitlines()]
    )

    assert numbers == list(range(1, 1201))


def test_csv_is_the_default(cli: CommandLine, acme: Made) -> None:
    cli.keep(acme["project_id"], of(acme["project_id"]))

    assert _export(cli) == _export(cli, "--format", "csv")


@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        ((), ["1", "2", "3"]),
        (("--channel", "rest"), ["1", "2"]),
        (("--since", "2026-11-24"), ["2", "3"]),
        (("--since", "2026-11-24", "--channel", "rest"), ["2"]),
    ],
)
@pytest.mark.parametrize("more", [(), ("--wide",)])
def test_only_what_is_asked_for_is_exported(
    cli: CommandLine, acme: Made, options: tuple[str, ...], numbers: list[str], more: tuple[str]
) -> None:
    project_id, later = acme["project_id"], NOW + timedelta(days=1)
    cli.keep(
        project_id,
        of(project_id),
        of(project_id, captured_at=later),
        of(project_id, captured_at=later, channel="whatsapp"),
    )

    assert [row["lead_id"] for row in _rows(cli, *options, *more)] == numbers


def test_columns_are_chosen_and_put_in_order(cli: CommandLine, acme: Made) -> None:
    details = LeadDetails(name="Ada", attributes={"a.b": 5}, utm={"utm_source": "ads"})
    cli.keep(acme["project_id"], of(acme["project_id"], details=details))

    text = _export(cli, "--columns", "utm.utm_source,name,attributes.a.b")

    assert text == '"utm.utm_source","name","attributes.a.b"\r\n"ads","Ada","5"\r\n'


def test_wide_has_the_keys_of_exactly_these_leads(cli: CommandLine, acme: Made) -> None:
    project_id = acme["project_id"]
    some = LeadDetails(attributes={"budget": "500"}, utm={"utm_source": "ads"})
    other = LeadDetails(attributes={"size": "XL"})
    cli.keep(
        project_id,
        of(project_id, details=some),
        of(project_id, details=other, channel="whatsapp"),
    )

    (row,) = _rows(cli, "--wide", "--channel", "rest")

    assert set(row) - set(COLUMNS) == {"attributes.budget", "utm.utm_source"}
    assert (row["attributes.budget"], row["attributes"]) == ("500", "")


def test_for_excel_the_file_begins_with_a_byte_order_mark(cli: CommandLine, acme: Made) -> None:
    assert _export(cli, "--excel") == f"\ufeff{HEAD}"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--columns", "name,Naem"), "'Naem'. Did you mean 'name'? There are: lead_id, "),
        (("--columns", "naem"), "click_ids.KEY, first_touch.KEY, attributes.KEY, utm.KEY"),
        (("--columns", "name", "--wide"), "give --columns or --wide"),
        (("--format", "ndjson", "--columns", "name"), "--columns is for csv"),
        (("--format", "ndjson", "--wide"), "--wide is for csv"),
        (("--format", "ndjson", "--excel"), "--excel is for csv"),
        (("--format", "xlsx", "--excel"), "--excel is for csv; Excel knows an xlsx file"),
        (("--format", "xlsx", "--wide", "--columns", "name"), "give --columns or --wide"),
        (("--format", "xml"), "ndjson"),
        (("--since", "yesterday"), "--since"),
    ],
)
def test_what_cannot_be_done_is_wrong_usage(
    cli: CommandLine, acme: Made, options: tuple[str, ...], said: str
) -> None:
    done = cli("lead", "export", "Acme Ltd", *options)

    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr


@pytest.mark.parametrize(("count", "said"), [(1, "1 lead was"), (1200, "1,200 leads were")])
@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_an_export_into_a_file_says_how_many_leads_there_are(
    cli: CommandLine, acme: Made, form: str, count: int, said: str
) -> None:
    cli.keep(acme["project_id"], *(of(acme["project_id"]) for _ in range(count)))

    done = cli("lead", "export", "Acme Ltd", "--format", form)

    assert done.stderr == f"{said} written.\n"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "There are no leads yet.\n"),
        (("--since", "1d"), "No lead matches --since 1d.\n"),
    ],
)
def test_an_export_without_leads_says_so(
    cli: CommandLine, acme: Made, options: tuple[str, ...], said: str
) -> None:
    assert cli("lead", "export", "Acme Ltd", *options).stderr == said


def test_an_export_of_nobodys_project_prints_nothing(cli: CommandLine, acme: Made) -> None:
    done = cli("lead", "export", "Nobody")

    assert done.exit_code == 3
    assert done.stdout == ""


def _book(cli: CommandLine, *options: str) -> Workbook:
    arguments = ["lead", "export", "Acme Ltd", "--format", "xlsx", *options]
    done = CliRunner().invoke(build_cli(new_container), arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.stderr
    return load_workbook(BytesIO(done.stdout_bytes))


def test_excel_has_a_column_for_whatever_the_leads_have(cli: CommandLine, acme: Made) -> None:
    details = LeadDetails(
        phone="+49 0170 12",
        attributes={"budget": 500, "first_touch": {"utm_source": "facebook"}},
        utm={"utm_source": "google", "utm_campaign": "Spring", "gclid": "abc"},
    )
    cli.keep(acme["project_id"], of(acme["project_id"], details=details), of(acme["project_id"]))

    head, row, *others = _book(cli, "--campaign", "Spring")["Leads"].values

    shown = {name: value for name, value in zip(head, row, strict=True) if value is not None}
    assert others == []
    assert shown == {
        "lead_id": "1",
        "channel": "rest",
        "captured_at (UTC)": datetime(2026, 11, 23, 12, 0, 0, 123000),  # noqa: DTZ001  as Excel
        "phone": "+49 0170 12",
        "source": "google",
        "campaign": "Spring",
        "click_ids.gclid": "abc",
        "first_touch.utm_source": "facebook",
        "attributes.budget": "500",
        "utm.utm_source": "google",
        "utm.utm_campaign": "Spring",
        "request_id": row[head.index("request_id")],
    }


def test_excel_has_the_columns_that_are_asked_for(cli: CommandLine, acme: Made) -> None:
    cli.keep(acme["project_id"], of(acme["project_id"], details=LeadDetails(name="Ada")))

    assert list(_book(cli, "--columns", "name,email")["Leads"].values) == [
        ("name", "email"),
        ("Ada", None),
    ]


def test_a_file_that_finds_no_room_is_a_failure_with_its_remedy(
    cli: CommandLine, acme: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))

    done = cli("lead", "export", "Acme Ltd", "--format", "xlsx")

    assert (done.exit_code, done.stdout) == (5, "")
    assert is_one_line(done.stderr)
    assert "gone" in done.stderr
    assert "TMPDIR" in done.stderr


def _export_to(stdout: TextIO, stderr: TextIO, *options: str) -> None:
    with pytest.MonkeyPatch.context() as streams:
        streams.setattr(sys, "stdout", stdout)
        streams.setattr(sys, "stderr", stderr)
        build_cli(new_container)(["lead", "export", "Acme Ltd", *options], standalone_mode=False)


def test_who_waits_for_a_long_export_sees_how_far_it_is(cli: CommandLine, acme: Made) -> None:
    cli.keep(acme["project_id"], *(of(acme["project_id"]) for _ in range(1200)))
    terminal = Terminal()

    _export_to(no_terminal(), terminal.stream, "--wide")

    assert [part for part in re.split(r"\r\x1b\[K|\s*\n", terminal.seen()) if part] == [
        "1,000 leads read",
        "1,000 leads written",
        "1,200 leads were written.",
    ]


def test_who_waits_for_a_search_sees_how_far_it_is(
    cli: CommandLine, acme: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli.keep(acme["project_id"], of(acme["project_id"]))
    monkeypatch.setattr(find, "SECONDS_TO_TELL", 0)
    terminal = Terminal()

    _export_to(no_terminal(), terminal.stream, "--search", "nobody")

    assert "\rlooking at leads of 2026-11-23" in terminal.seen().replace("\x1b[K", "")


def test_who_sees_the_leads_themselves_is_not_told_how_many(cli: CommandLine, acme: Made) -> None:
    cli.keep(acme["project_id"], of(acme["project_id"]))
    terminal, said = Terminal(), io.StringIO()

    _export_to(terminal.stream, said, "--columns", "lead_id")

    assert terminal.seen().split() == ['"lead_id"', '"1"']
    assert said.getvalue() == ""


def test_an_excel_file_is_not_for_a_terminal(cli: CommandLine, acme: Made) -> None:
    terminal = Terminal()

    with pytest.raises(typer.BadParameter) as raised:
        _export_to(terminal.stream, io.StringIO(), "--format", "xlsx")

    assert "`swiftcrm lead export 'Acme Ltd' --format xlsx > leads.xlsx`" in str(raised.value)
    assert terminal.seen() == ""
