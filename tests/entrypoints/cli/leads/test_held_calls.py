"""`swiftcrm held …` of calls of the lead path: what a person learns of who was refused."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.held import (
    DOMAIN_NOT_ALLOWED,
    INVALID_JSON,
    LINES,
    PLAN_LIMIT_REACHED,
    VALIDATION_FAILED,
)
from domain.lead import LeadDetails
from entrypoints.cli.held import MOST_LINES_OF_ADVICE
from entrypoints.cli.messages import HAVE_ARRIVED, HELD
from tests.entrypoints.cli.command_line import CommandLine, of
from tests.entrypoints.cli.leads.held_calls import line, refused
from tests.support.builders import NOW

Made = dict[str, Any]
ADA = LeadDetails(name="Ada", email="ada@example.com")
RELEASE = "`swiftcrm held release PROJECT --code DOMAIN_NOT_ALLOWED`"


def test_how_often_a_call_was_sent_and_when_last_is_listed(cli: CommandLine, acme: Made) -> None:
    again = NOW + timedelta(hours=1)
    cli.hold(replace(refused(acme["project_id"], 0), times=60, last_at=again))

    (listed,) = cli.json("held", "list", "Acme Ltd")

    assert (listed["times"], listed["last_at"]) == (60, "2026-11-23T13:00:00.123Z")
    assert "arrived_as" not in listed
    header, row = cli("held", "list", "Acme Ltd").stdout.splitlines()
    assert row[header.index("TIMES") :].split()[:2] == ["60", "-"]


def test_what_was_sent_once_was_sent_last_when_it_came(cli: CommandLine, acme: Made) -> None:
    cli.hold(refused(acme["project_id"], 1))

    (listed,) = cli.json("held", "list", "Acme Ltd")

    assert (listed["times"], listed["last_at"]) == (1, listed["at"])


def test_who_got_through_meanwhile_is_listed_with_the_lead_and_released_by_id_alone(
    cli: CommandLine, acme: Made
) -> None:
    held = refused(acme["project_id"], 1, details=ADA)
    cli.hold(held)
    later = NOW + timedelta(hours=1)
    (lead_id,) = cli.keep(
        acme["project_id"], of(acme["project_id"], details=ADA, captured_at=later)
    )

    (listed,) = cli.json("held", "list", "Acme Ltd")
    shown = cli.json("held", "show", "Acme Ltd", held.held_id)
    of_all = cli("held", "release", "Acme Ltd", "--json")
    facts = cli("held", "release", "Acme Ltd")
    by_id = cli.json("held", "release", "Acme Ltd", held.held_id)

    assert listed["arrived_as"] == shown["arrived_as"] == lead_id
    assert json.loads(of_all.stdout) == {"released": 0, "still_held": 0, "arrived": 1}
    assert facts.stdout.split() == ["released", "0", "still_held", "0", "arrived", "1"]
    assert of_all.stderr == HAVE_ARRIVED.format(count=1) + "\n"
    assert by_id == {"released": 1, "still_held": 0, "arrived": 0}


@pytest.mark.parametrize(
    ("origin", "says"),
    [
        ("shop.example", "If shop.example is yours, allow it with `swiftcrm project update"),
        ("shop.example", "`swiftcrm project update PROJECT --add-domain shop.example`"),
        ("null", "Referrer-Policy"),
        (None, "a page's key"),
        ("odd", "no address of a page"),
    ],
)
def test_the_advice_for_a_page_that_is_not_allowed_depends_on_which_it_is(
    cli: CommandLine, acme: Made, origin: str | None, says: str
) -> None:
    cli.hold(refused(acme["project_id"], 1, origin=origin))

    (listed,) = cli.json("held", "list", "Acme Ltd")

    assert says in listed["advice"]
    assert RELEASE in listed["advice"]
    assert listed["advice"] in cli("held", "list", "Acme Ltd").stderr


def test_each_page_is_advised_on_but_hundreds_do_not_fill_the_screen(
    cli: CommandLine, acme: Made
) -> None:
    pages = [f"shop{number:03}.example" for number in range(50)]
    cli.hold(*(refused(acme["project_id"], n, origin=page) for n, page in enumerate(pages)))
    cli.hold(refused(acme["project_id"], 99, VALIDATION_FAILED))

    said = cli("held", "list", "Acme Ltd").stderr.splitlines()

    assert len(said) == MOST_LINES_OF_ADVICE + 1
    assert pages[0] in said[0]
    assert said[-1] == f"{VALIDATION_FAILED}: {HELD[VALIDATION_FAILED]}"


def test_a_page_that_moved_is_seen_allowed_and_released(cli: CommandLine, acme: Made) -> None:
    people = (ADA, LeadDetails(name="Eve"))
    for number, details in enumerate(people, 1):
        cli.hold(refused(acme["project_id"], number, details=details))
    cli.hold(refused(acme["project_id"], 3, INVALID_JSON, body=b"{"))

    count = cli.json("held", "release", "Acme Ltd", "--code", DOMAIN_NOT_ALLOWED)

    assert count == {"released": 2, "still_held": 0, "arrived": 0}
    assert [call["code"] for call in cli.json("held", "list", "Acme Ltd")] == [INVALID_JSON]
    leads = cli.json("lead", "list", "Acme Ltd")
    assert [lead["captured_at"] for lead in leads] == [
        "2026-11-23T12:02:00.123Z",
        "2026-11-23T12:01:00.123Z",
    ]


def test_bytes_that_are_no_text_are_shown_in_base64_beside_what_can_be_read(
    cli: CommandLine, acme: Made
) -> None:
    odd = refused(acme["project_id"], 1, INVALID_JSON, body=b'{"name": "\xff"}')
    text = refused(acme["project_id"], 2, INVALID_JSON, body=b"{")
    cli.hold(odd, text)

    shown = cli.json("held", "show", "Acme Ltd", odd.held_id)

    assert (shown["body"], shown["body_base64"]) == ('{"name": "ÿ"}', "eyJuYW1lIjogIv8ifQ==")
    assert "body_base64" not in cli.json("held", "show", "Acme Ltd", text.held_id)


def test_one_is_shown_with_what_is_wrong_with_it(cli: CommandLine, acme: Made) -> None:
    wrong = refused(acme["project_id"], 1, VALIDATION_FAILED, body=b'{"email": "ada@"}')
    moved = refused(acme["project_id"], 2)
    cli.hold(wrong, moved)

    shown = cli.json("held", "show", "Acme Ltd", wrong.held_id)

    assert shown["flaws"] == ["email: must be an e-mail address."]
    assert "email: must be an e-mail" in cli("held", "show", "Acme Ltd", wrong.held_id).stdout
    assert "flaws" not in cli.json("held", "show", "Acme Ltd", moved.held_id)


def test_whom_a_call_is_from_is_said_by_the_phone_or_else_the_address(
    cli: CommandLine, acme: Made
) -> None:
    both = replace(ADA, phone="+442079460958")
    cli.hold(
        refused(acme["project_id"], 1, details=both), refused(acme["project_id"], 2, details=ADA)
    )

    _, *rows = cli("held", "list", "Acme Ltd").stdout.splitlines()

    assert [row.split()[3] for row in rows] == ["+442079460958", "ada@example.com"]


def test_a_call_of_the_lead_path_that_waits_for_a_place_waits_for_a_command(
    cli: CommandLine, acme: Made
) -> None:
    cli.hold(refused(acme["project_id"], 1, PLAN_LIMIT_REACHED, details=ADA))

    (listed,) = cli.json("held", "list", "Acme Ltd")

    assert "`swiftcrm held release PROJECT --code PLAN_LIMIT_REACHED`" in listed["advice"]
    assert "--release-held-calls" in listed["advice"]


def test_the_help_answers_why_a_lead_did_not_arrive(cli: CommandLine) -> None:
    said = " ".join(cli("held", "--help").stdout.split())

    assert "Why did my lead not arrive?" in said
    assert "if nothing is, where else to look" in said


@pytest.mark.parametrize("code", LINES)
def test_a_line_is_listed_with_advice_and_holds_nothing(
    cli: CommandLine, acme: Made, code: str
) -> None:
    cli.hold(line(acme["project_id"], code, "shop.example"))

    (listed,) = cli.json("held", "list", "Acme Ltd", "--code", code.lower())

    assert (listed["code"], listed["origin"], listed["advice"]) == (
        code,
        "shop.example",
        HELD[code],
    )
    assert cli.json("project", "show", "Acme Ltd")["usage"]["held"] == 0
    count = cli.json("held", "release", "Acme Ltd")
    assert count == {"released": 0, "still_held": 0, "arrived": 0}
    assert len(cli.json("held", "list", "Acme Ltd")) == 1


@pytest.mark.parametrize("code", LINES)
def test_who_gives_the_id_of_a_line_reads_that_it_holds_nothing(
    cli: CommandLine, acme: Made, code: str
) -> None:
    only_counted = line(acme["project_id"], code)
    cli.hold(only_counted)

    done = cli("held", "release", "Acme Ltd", only_counted.held_id)

    assert done.exit_code == 3
    said = f"{only_counted.held_id} is a line ({code}): it says that calls were refused"
    assert said in " ".join(done.stderr.split())
