"""`swiftcrm held …`."""

from dataclasses import replace
from typing import Any

import pytest

from domain.held import CODES, LINES, NUMBER_NOT_LISTED, PLAN_LIMIT_REACHED, UNPROVEN, UNREADABLE
from domain.lead import LeadDetails
from entrypoints.cli.held import COLUMNS
from entrypoints.cli.messages import (
    HELD,
    NOTHING_HELD,
    NOTHING_OF_THIS_KIND,
    WITHOUT_PLACE,
)
from tests.entrypoints.cli.command_line import CommandLine, is_one_line
from tests.entrypoints.cli.leads.held_calls import for_the_plan, unreadable

Made = dict[str, Any]
MEMBERS = ["id", "at", "code", "origin", "request_id", "advice", "times", "last_at"]


def test_nothing_held_is_an_empty_list_and_people_read_where_else_to_look(
    cli: CommandLine, acme: Made
) -> None:
    listed = cli("held", "list", "Acme Ltd", "--json")

    assert (listed.stdout, listed.stderr) == ("[]\n", "")
    assert cli("held", "list", "Acme Ltd").stderr == f"{NOTHING_HELD}\n"


@pytest.mark.parametrize("narrowed", [("--code", UNPROVEN), ("--since", "1h")])
def test_nothing_of_a_kind_is_not_nothing(
    cli: CommandLine, held: list[str], narrowed: tuple[str, str]
) -> None:
    done = cli("held", "list", "Acme Ltd", *narrowed)

    assert done.stderr == f"{NOTHING_OF_THIS_KIND}\n"


def test_what_is_held_is_listed_oldest_first_with_advice(cli: CommandLine, held: list[str]) -> None:
    listed = cli.json("held", "list", "Acme Ltd")

    assert [call["id"] for call in listed] == held
    assert [list(call) for call in listed] == [MEMBERS] * 3
    assert [call["code"] for call in listed] == [UNREADABLE] + [PLAN_LIMIT_REACHED] * 2
    assert [call["advice"] for call in listed] == [HELD[call["code"]] for call in listed]
    assert listed[0]["at"] == "2026-11-23T12:00:00.123Z"
    assert (listed[0]["origin"], listed[1]["origin"]) == (None, "106540")


def test_a_person_is_told_what_to_do_about_each_code_once(
    cli: CommandLine, held: list[str]
) -> None:
    done = cli("held", "list", "Acme Ltd")

    assert all(held_id in done.stdout for held_id in held)
    assert done.stderr.count(HELD[PLAN_LIMIT_REACHED]) == 1
    assert done.stderr.count(HELD[UNREADABLE]) == 1


def test_people_see_who_waits_and_why_within_80_columns(cli: CommandLine, acme: Made) -> None:
    person = LeadDetails(name="María del Carmen Fernández", phone="+4915112345678")
    calls = [
        for_the_plan(acme["project_id"], 1, details=person, request_id="req_1"),
        unreadable(acme["project_id"]),
    ]
    cli.hold(*calls)

    header, *rows = cli("held", "list", "Acme Ltd").stdout.splitlines()

    assert header.split() == list(COLUMNS)
    assert "2026-11-23T12:00:00Z  UNREADABLE          -                     -  " in rows[0]
    assert rows[1].startswith(
        "2026-11-23T12:01:00Z  PLAN_LIMIT_REACHED  María del Carmen Fe…  +4915112345678  1 "
    )
    assert header.index("TIMES") == 80
    assert rows[1].endswith(calls[0].held_id)
    assert "req_1" not in rows[1]


def test_the_list_can_be_narrowed(cli: CommandLine, held: list[str]) -> None:
    by_code = cli.json("held", "list", "Acme Ltd", "--code", PLAN_LIMIT_REACHED)
    since = cli.json("held", "list", "Acme Ltd", "--since", "2026-11-23T12:02")

    assert [call["id"] for call in by_code] == held[1:]
    assert [call["id"] for call in since] == held[2:]


@pytest.mark.parametrize("command", ["list", "release"])
@pytest.mark.parametrize(
    ("typed", "asked"), [("NONSENSE", ""), ("unreadible", " Did you mean 'UNREADABLE'?")]
)
def test_a_code_that_does_not_exist_is_refused_with_those_that_do(
    cli: CommandLine, held: list[str], command: str, typed: str, asked: str
) -> None:
    done = cli("held", command, "Acme Ltd", "--code", typed)

    assert done.exit_code == 2
    codes = (*CODES, *LINES) if command == "list" else CODES
    assert done.stderr.endswith(f": it is one of {', '.join(codes)}.{asked}\n")


def test_a_code_may_be_typed_in_small_letters(cli: CommandLine, held: list[str]) -> None:
    listed = cli.json("held", "list", "Acme Ltd", "--code", "unreadable")

    assert [call["code"] for call in listed] == [UNREADABLE]


def test_one_is_shown_with_its_body_as_received(cli: CommandLine, held: list[str]) -> None:
    shown = cli.json("held", "show", "Acme Ltd", held[1])

    assert list(shown) == [*MEMBERS, "channel", "body"]
    assert (shown["channel"], shown["body"]) == ("whatsapp", '{"number": 1}')


def test_a_body_cannot_steer_the_terminal(cli: CommandLine, held: list[str]) -> None:
    assert "\x1b" not in cli("held", "show", "Acme Ltd", held[0]).stdout


@pytest.mark.parametrize("command", ["show", "release"])
@pytest.mark.parametrize("name", ["held_nothing", "é", "\udcff"])
def test_what_is_not_held_is_said_to_be_unknown(
    cli: CommandLine, held: list[str], command: str, name: str
) -> None:
    done = cli("held", command, "Acme Ltd", name)

    assert done.exit_code == 3
    assert is_one_line(done.stderr)
    assert "No such item is held" in done.stderr


def test_an_unlisted_number_may_be_listed_by_somebody_who_proves_nothing(
    cli: CommandLine, acme: Made
) -> None:
    unlisted = replace(for_the_plan(acme["project_id"], 1), code=NUMBER_NOT_LISTED)
    cli.hold(unlisted)

    (listed,) = cli.json("held", "list", "Acme Ltd")

    assert "app_secret" in listed["advice"]


def test_a_project_says_whether_what_it_holds_takes_places_of_later_months(
    cli: CommandLine, acme: Made
) -> None:
    assert cli.json("project", "show", "Acme Ltd")["release_held_each_month"] is False
    for option, expected in (
        ("--release-held-each-month", True),
        ("--no-release-held-each-month", False),
    ):
        changed = cli.json("project", "update", "Acme Ltd", option)
        assert changed["release_held_each_month"] is expected


def test_what_is_held_under_another_code_is_said_to_be(cli: CommandLine, held: list[str]) -> None:
    done = cli("held", "release", "Acme Ltd", "--code", PLAN_LIMIT_REACHED, held[1], held[0])

    assert done.exit_code == 3
    assert is_one_line(done.stderr)
    assert held[0] in done.stderr
    assert UNREADABLE in done.stderr
    assert len(cli.json("held", "list", "Acme Ltd")) == 3


def test_released_they_are_leads(cli: CommandLine, held: list[str]) -> None:
    count = cli.json("held", "release", "Acme Ltd")

    assert count == {"released": 3, "still_held": 0, "arrived": 0}
    assert cli.json("held", "list", "Acme Ltd") == []
    leads = cli.json("lead", "list", "Acme Ltd")
    assert [lead["messages"] and lead["messages"][0]["message_id"] for lead in leads] == [
        "wamid.2",
        "wamid.1",
        [],
    ]
    assert leads[2]["attributes"] == {"unreadable": "odd \x1b[2J"}


def test_by_id_or_by_code_only_those_are_released(cli: CommandLine, held: list[str]) -> None:
    by_id = cli.json("held", "release", "Acme Ltd", held[2])
    by_code = cli.json("held", "release", "Acme Ltd", "--code", UNREADABLE)

    assert by_id == by_code == {"released": 1, "still_held": 0, "arrived": 0}
    assert [call["id"] for call in cli.json("held", "list", "Acme Ltd")] == [held[1]]


def test_what_finds_no_place_waits_on_and_that_is_said(cli: CommandLine, held: list[str]) -> None:
    cli("project", "update", "Acme Ltd", "--monthly-limit", "1")

    done = cli("held", "release", "Acme Ltd", "--json")

    assert '"released": 1' in done.stdout
    assert done.stderr == f"WARNING: {WITHOUT_PLACE.format(count=2)}\n"
    assert cli.json("project", "show", "Acme Ltd")["usage"]["held"] == 2
