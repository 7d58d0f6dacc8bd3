"""`swiftcrm lead export`."""

import csv
import io
import json
from typing import Any

import pytest

from domain.identity import Identity
from domain.lead import LeadDetails
from entrypoints.exports.columns import COLUMNS
from tests.entrypoints.cli.command_line import CommandLine, of
from tests.support.builders import a_message

HEAD = ",".join(f'"{name}"' for name in COLUMNS) + "\r\n"
Made = dict[str, Any]


def _export(cli: CommandLine, form: str) -> str:
    done = cli("lead", "export", "Acme Ltd", "--format", form)
    assert done.exit_code == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(("form", "text"), [("csv", HEAD), ("ndjson", "")])
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


def test_an_unknown_format_is_wrong_usage(cli: CommandLine, acme: Made) -> None:
    done = cli("lead", "export", "Acme Ltd", "--format", "xml")

    assert done.exit_code == 2
    assert "ndjson" in done.stderr


def test_an_export_of_nobodys_project_prints_nothing(cli: CommandLine, acme: Made) -> None:
    done = cli("lead", "export", "Nobody", "--format", "csv")

    assert done.exit_code == 3
    assert done.stdout == ""
