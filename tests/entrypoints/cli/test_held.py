"""`swiftcrm held …`."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from adapters.sqlite import SqliteDatabase, SqliteHeldLedger
from application.holding import hold_capture, hold_raw
from application.ports.held_ledger import HeldCall
from domain.held import ADVICE, NUMBER_NOT_LISTED, PLAN_LIMIT_REACHED, UNREADABLE
from tests.entrypoints.cli.command_line import CommandLine, is_one_line, of
from tests.support.builders import NOW, a_message, a_phone

Made = dict[str, Any]
MEMBERS = ["id", "at", "code", "origin", "request_id", "advice"]


def for_the_plan(project_id: str, number: int) -> HeldCall:
    capture = of(
        project_id,
        channel="whatsapp",
        identities=(a_phone(str(number)),),
        message=a_message(f"wamid.{number}", raw=f'{{"number": {number}}}'),
        captured_at=NOW + timedelta(minutes=number),
    )
    return hold_capture(capture, PLAN_LIMIT_REACHED, origin="106540")


def unreadable(project_id: str) -> HeldCall:
    return hold_raw(
        "odd \x1b[2J",
        item_id="req_0",
        project_id=project_id,
        channel="whatsapp",
        at=NOW,
        request_id="req_0",
        origin=None,
    )


def hold(cli: CommandLine, calls: Sequence[HeldCall]) -> None:
    async def work() -> None:
        database = SqliteDatabase(cli.database)
        async with database.opened(create=False):
            await SqliteHeldLedger(database).hold(calls)

    asyncio.run(work())


@pytest.fixture
def held(cli: CommandLine, acme: Made) -> list[str]:
    """The ids of what Acme holds: one that could not be read, then two for the plan."""
    project_id = acme["project_id"]
    calls = [unreadable(project_id), for_the_plan(project_id, 1), for_the_plan(project_id, 2)]
    hold(cli, calls)
    return [call.held_id for call in calls]


def test_nothing_held_is_an_empty_list(cli: CommandLine, acme: Made) -> None:
    assert cli.json("held", "list", "Acme Ltd") == []


def test_what_is_held_is_listed_oldest_first_with_advice(cli: CommandLine, held: list[str]) -> None:
    listed = cli.json("held", "list", "Acme Ltd")

    assert [call["id"] for call in listed] == held
    assert [list(call) for call in listed] == [MEMBERS] * 3
    assert [call["code"] for call in listed] == [UNREADABLE] + [PLAN_LIMIT_REACHED] * 2
    assert [call["advice"] for call in listed] == [ADVICE[call["code"]] for call in listed]
    assert listed[0]["at"] == "2026-11-23T12:00:00.123Z"
    assert (listed[0]["origin"], listed[1]["origin"]) == (None, "106540")


def test_a_person_is_told_what_to_do_about_each_code_once(
    cli: CommandLine, held: list[str]
) -> None:
    done = cli("held", "list", "Acme Ltd")

    assert all(held_id in done.stdout for held_id in held)
    assert done.stderr.count(ADVICE[PLAN_LIMIT_REACHED]) == 1
    assert done.stderr.count(ADVICE[UNREADABLE]) == 1


def test_the_list_can_be_narrowed(cli: CommandLine, held: list[str]) -> None:
    by_code = cli.json("held", "list", "Acme Ltd", "--code", PLAN_LIMIT_REACHED)
    since = cli.json("held", "list", "Acme Ltd", "--since", "2026-11-23T12:02")

    assert [call["id"] for call in by_code] == held[1:]
    assert [call["id"] for call in since] == held[2:]


def test_a_code_that_does_not_exist_is_refused(cli: CommandLine, held: list[str]) -> None:
    done = cli("held", "list", "Acme Ltd", "--code", "NONSENSE")

    assert done.exit_code == 2
    assert PLAN_LIMIT_REACHED in done.stderr


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
    assert "No such call is held" in done.stderr


def test_released_they_are_leads(cli: CommandLine, held: list[str]) -> None:
    tally = cli.json("held", "release", "Acme Ltd")

    assert tally == {"released": 3, "still_held": 0}
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

    assert by_id == by_code == {"released": 1, "still_held": 0}
    assert [call["id"] for call in cli.json("held", "list", "Acme Ltd")] == [held[1]]


def test_what_nobody_lists_is_released_by_its_id_alone(
    cli: CommandLine, acme: Made, held: list[str]
) -> None:
    cli("channel", "set", "Acme Ltd", "whatsapp", "phone_number_ids=1")
    call = replace(for_the_plan(acme["project_id"], 3), code=NUMBER_NOT_LISTED)
    hold(cli, [call])

    unnamed = cli.json("held", "release", "Acme Ltd", "--code", NUMBER_NOT_LISTED)
    named = cli.json("held", "release", "Acme Ltd", call.held_id)

    assert unnamed == {"released": 0, "still_held": 1}
    assert named == {"released": 1, "still_held": 0}


def test_what_finds_no_place_waits_on_and_that_is_said(cli: CommandLine, held: list[str]) -> None:
    cli("project", "update", "Acme Ltd", "--monthly-limit", "1")

    done = cli("held", "release", "Acme Ltd", "--json")

    assert '"released": 1' in done.stdout
    assert "wait" in done.stderr
    assert cli.json("project", "show", "Acme Ltd")["usage"]["held"] == 2


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
