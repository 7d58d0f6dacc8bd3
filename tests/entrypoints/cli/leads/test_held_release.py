"""`swiftcrm held release`."""

from domain.held import PLAN_LIMIT_REACHED, UNREADABLE
from tests.entrypoints.cli.command_line import CommandLine, is_one_line


def test_what_is_held_under_another_code_is_said_to_be(cli: CommandLine, held: list[str]) -> None:
    done = cli("held", "release", "Acme Ltd", "--code", PLAN_LIMIT_REACHED, held[1], held[0])

    assert done.exit_code == 3
    assert is_one_line(done.stderr)
    assert held[0] in done.stderr
    assert UNREADABLE in done.stderr
    assert len(cli.json("held", "list", "Acme Ltd")) == 3


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


def test_what_finds_no_place_waits_on_and_that_is_said(cli: CommandLine, held: list[str]) -> None:
    cli("project", "update", "Acme Ltd", "--monthly-limit", "1")

    done = cli("held", "release", "Acme Ltd", "--json")

    assert '"released": 1' in done.stdout
    assert "still held" in done.stderr
    assert cli.json("project", "show", "Acme Ltd")["usage"]["held"] == 2
