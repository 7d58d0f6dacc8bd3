"""`swiftcrm project list`, `show` and `update`."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from application.channels.diagnosis import HopAdvice
from domain.plan import Month
from entrypoints.cli.channels.hops import HOPS
from entrypoints.cli.messages import CALLS_BECOME_LEADS, CALLS_WAIT, HELD_COUNT, NO_PROJECTS
from entrypoints.process.settings import BUILT_IN_CHANNELS
from tests.entrypoints.cli.command_line import CommandLine, is_one_line, of

PROJECT = [
    "project_id",
    "name",
    "domains",
    "monthly_limit",
    "require_origin",
    "release_held_each_month",
    "release_held_calls",
    "lenient",
    "created_at",
]
KEY = ["key_id", "label", "page", "hint", "created_at", "last_used_at", "revoked_at"]
Made = dict[str, Any]


def test_no_projects_are_an_empty_array_and_for_people_the_way_to_the_first(
    cli: CommandLine,
) -> None:
    cli("project", "create", "co.uk", "--domain", "co.uk")  # refused, but it made the store

    for_people, as_json = cli("project", "list"), cli("project", "list", "--json")

    assert for_people.stderr == f"{NO_PROJECTS}\n"
    assert (json.loads(as_json.stdout), as_json.stderr) == ([], "")


def test_the_list_has_every_project_oldest_first(cli: CommandLine, acme: Made) -> None:
    cli.json("project", "create", "Beta")

    listed = cli.json("project", "list")

    assert [list(project) for project in listed] == [PROJECT, PROJECT]
    assert [project["name"] for project in listed] == ["Acme Ltd", "Beta"]
    assert cli("project", "list").stdout.splitlines()[1].startswith(acme["project_id"])


def test_the_list_has_the_same_words_for_what_is_not_limited_as_create(
    cli: CommandLine, acme: Made
) -> None:
    cli.json("project", "create", "Beta", "--monthly-limit", "5", "--domain", "beta.com")

    _, first, second = cli("project", "list").stdout.splitlines()

    assert first.split()[-3:] == ["none", "every", "page"]
    assert second.split()[-2:] == ["5", "beta.com"]


def test_show_has_usage_keys_and_channels(cli: CommandLine, acme: Made) -> None:
    now = datetime.now(UTC)
    cli.keep(acme["project_id"], of(acme["project_id"], captured_at=now))

    shown = cli.json("project", "show", "Acme Ltd")

    assert list(shown) == [*PROJECT, "usage", "keys", "channels"]
    assert shown["usage"] == {"month": str(Month.of(now)), "leads": 1, "held": 0}
    assert [list(key) for key in shown["keys"]] == [KEY]
    assert list(shown["channels"]) == list(BUILT_IN_CHANNELS)
    assert list(shown["channels"]["whatsapp"]) == [
        "webhook_url",
        "verify_token",
        "app_secret_set",
        "phone_number_ids",
        "key_id",
    ]
    assert acme["api_key"] not in str(shown)


def test_show_says_how_many_wait_and_where_a_missing_lead_may_be(
    cli: CommandLine, held: list[str]
) -> None:
    for_people = cli("project", "show", "Acme Ltd").stdout

    assert cli.json("project", "show", "Acme Ltd")["usage"]["held"] == len(held)
    assert HELD_COUNT.format(count=len(held)) in for_people


def test_a_project_may_read_leniently(cli: CommandLine, acme: Made) -> None:
    for option, expected in (("--lenient", True), ("--no-lenient", False)):
        assert cli.json("project", "update", "Acme Ltd", option)["lenient"] is expected


def test_a_project_gets_another_name_and_keeps_its_id(cli: CommandLine, acme: Made) -> None:
    cli("project", "create", "Beta")
    taken = cli("project", "update", "Acme Ltd", "--name", "Beta")
    renamed = cli.json("project", "update", "Acme Ltd", "--name", "Acme and Sons")

    assert is_one_line(taken.stderr)
    assert "There is a project 'Beta' already." in taken.stderr
    assert (renamed["name"], renamed["project_id"]) == ("Acme and Sons", acme["project_id"])
    assert cli.json("project", "show", "Acme and Sons")["project_id"] == acme["project_id"]


def test_show_for_people_names_what_an_empty_allowlist_means(cli: CommandLine, acme: Made) -> None:
    shown = cli("project", "show", "Acme Ltd").stdout

    assert "every page" in shown
    assert acme["key_id"] in shown
    assert "none yet; `swiftcrm channel show PROJECT whatsapp` makes it" in shown


def test_show_makes_no_channel_and_shows_the_one_that_channel_show_made(
    cli: CommandLine, acme: Made
) -> None:
    before = cli.json("project", "show", "Acme Ltd")["channels"]
    made = cli.json("channel", "show", "Acme Ltd", "whatsapp")
    after = cli.json("project", "show", "Acme Ltd")["channels"]

    for channel in (*before.values(), after["google_ads"]):
        assert (channel["webhook_url"], channel["key_id"]) == (None, None)
    assert before["whatsapp"]["verify_token"] is None
    assert after["whatsapp"] == {name: made[name] for name in after["whatsapp"]}
    assert "/api/whatsapp/webhook?api_key=swk_" in cli("project", "show", "Acme Ltd").stdout


@pytest.mark.parametrize("more", [(), ("--json",)], ids=["people", "json"])
def test_show_warns_once_of_an_address_that_no_sender_can_reach(
    cli: CommandLine, acme: Made, more: tuple[str, ...]
) -> None:
    without_webhook = cli("project", "show", "Acme Ltd", *more)
    for channel in BUILT_IN_CHANNELS:
        cli.json("channel", "show", "Acme Ltd", channel)
    with_two = cli("project", "show", "Acme Ltd", *more)
    cli.set("public_url", "https://leads.example.com")
    reachable = cli("project", "show", "Acme Ltd", *more)

    assert with_two.stderr == f"WARNING: {HOPS[HopAdvice.LOOPBACK]}\n"
    assert (without_webhook.stderr, reachable.stderr) == ("", "")


@pytest.mark.parametrize("wanted", ["Nobody", "acme", "prj_0", ""])
@pytest.mark.parametrize("command", [("project", "show"), ("key", "list"), ("lead", "list")])
def test_a_project_that_is_not_there_is_named(
    cli: CommandLine, acme: Made, command: tuple[str, str], wanted: str
) -> None:
    done = cli(*command, wanted)

    assert done.exit_code == 3
    assert is_one_line(done.stderr)
    assert "swiftcrm project list" in done.stderr


@pytest.mark.parametrize("command", [("project", "show"), ("key", "create"), ("lead", "list")])
def test_a_project_that_is_not_utf8_is_no_defect(
    cli: CommandLine, acme: Made, command: tuple[str, str]
) -> None:
    done = cli(*command, "caf\udce9")

    assert done.exit_code in (2, 3)
    assert done.stderr


def test_an_update_warns_as_long_as_null_is_listed(cli: CommandLine) -> None:
    cli.json("project", "create", "Acme Ltd")
    change = ("project", "update", "Acme Ltd")
    added = cli(*change, "--add-domain", "null", "--json")
    still = cli(*change, "--monthly-limit", "5")
    removed = cli(*change, "--remove-domain", "null")

    assert json.loads(added.stdout)["domains"] == ["null"]
    assert [each.exit_code for each in (added, still, removed)] == [0, 0, 0]
    assert "every page may send leads" in added.stderr
    assert added.stderr == still.stderr
    assert removed.stderr == ""


def test_update_changes_what_is_named_and_leaves_the_rest(cli: CommandLine, acme: Made) -> None:
    cli.json("project", "update", "Acme Ltd", "--add-domain", "acme.com", "--require-origin")

    changed = cli.json("project", "update", "Acme Ltd", "--monthly-limit", "5")

    assert list(changed) == PROJECT
    assert changed["domains"] == ["acme.com"]
    assert changed["require_origin"] is True
    assert changed["monthly_limit"] == 5


def test_update_takes_everything_back(cli: CommandLine, acme: Made) -> None:
    cli.json("project", "update", "Acme Ltd", "--add-domain", "acme.com", "--require-origin")
    cli.json("project", "update", "Acme Ltd", "--monthly-limit", "5")

    back = ("--remove-domain", "ACME.com", "--no-require-origin", "--monthly-limit", "none")
    changed = cli.json("project", "update", "Acme Ltd", *back)

    assert changed["domains"] == []
    assert changed["require_origin"] is False
    assert changed["monthly_limit"] is None


@pytest.mark.parametrize("option", ["--add-domain", "--remove-domain"])
def test_several_domains_in_one_option_change_nothing(
    cli: CommandLine, acme: Made, option: str
) -> None:
    done = cli("project", "update", "Acme Ltd", option, "a.com,b.com")

    assert done.exit_code == 2
    assert f"{option} a.com {option} b.com" in done.stderr


def test_an_update_must_say_what_to_change(cli: CommandLine, acme: Made) -> None:
    before = cli.json("project", "list")
    done = cli("project", "update", "Acme Ltd")

    assert done.exit_code == 2
    assert "--help" in done.stderr
    assert cli.json("project", "list") == before


def test_a_new_limit_says_how_many_wait_for_a_place(cli: CommandLine, held: list[str]) -> None:
    raised = cli("project", "update", "Acme Ltd", "--monthly-limit", "5")
    other = cli("project", "update", "Acme Ltd", "--lenient")
    calls_too = cli("project", "update", "Acme Ltd", "--monthly-limit", "6", "--release-held-calls")

    assert raised.stderr == CALLS_WAIT.format(count=2) + "\n"
    assert other.stderr == ""
    assert calls_too.stderr == CALLS_BECOME_LEADS.format(count=2) + "\n"


def test_calls_that_wait_for_a_place_are_released_by_themselves_where_the_project_says_so(
    cli: CommandLine, acme: Made
) -> None:
    for option, expected in (
        ("--release-held-calls", True),
        ("--no-release-held-calls", False),
    ):
        changed = cli.json("project", "update", "Acme Ltd", option)
        assert changed["release_held_calls"] is expected
