"""`swiftcrm channel show`, what it warns of, and a channel that is not switched on."""

import json
import re
from typing import Any

import pytest

from domain.held import NUMBER_NOT_LISTED
from tests.entrypoints.cli.channels.trials import CHANNEL, SECRET, set_whatsapp, show_whatsapp
from tests.entrypoints.cli.command_line import CommandLine, is_one_line
from tests.support.builders import a_held_call, a_project

Made = dict[str, Any]
OTHER_KEY = "B" * 43 + "="


def test_show_prints_what_the_sender_wants_to_know(cli: CommandLine, acme: Made) -> None:
    cli.set("public_url", "https://leads.example.com/")

    shown = show_whatsapp(cli)

    assert list(shown) == CHANNEL
    assert re.fullmatch(
        r"https://leads\.example\.com/api/whatsapp/webhook\?api_key=swk_\w+", shown["webhook_url"]
    )
    assert len(shown["verify_token"]) >= 20
    assert shown["app_secret_set"] is False
    assert shown["phone_number_ids"] == []


def test_nothing_came_through_a_channel_at_first(cli: CommandLine, acme: Made) -> None:
    shown = show_whatsapp(cli)

    assert [shown[name] for name in CHANNEL if name.startswith("last_")] == [None] * 4
    assert shown["unlisted_numbers"] == []


def test_show_names_the_numbers_that_nobody_lists(cli: CommandLine, acme: Made) -> None:
    of_acme = a_project(project_id=acme["project_id"])
    held = {"channel": "whatsapp", "code": NUMBER_NOT_LISTED}
    calls = [a_held_call(of_acme, origin=number, **held) for number in ("106", "107", "106")]
    cli.hold(*calls)

    assert show_whatsapp(cli)["unlisted_numbers"] == [
        {"number": "106", "held": 2},
        {"number": "107", "held": 1},
    ]


def test_the_url_and_the_token_stay_the_same(cli: CommandLine, acme: Made) -> None:
    assert show_whatsapp(cli) == show_whatsapp(cli)


def test_the_key_in_the_url_is_not_the_projects(cli: CommandLine, acme: Made) -> None:
    assert acme["api_key"] not in show_whatsapp(cli)["webhook_url"]


def test_a_missing_secret_and_a_loopback_url_are_warned_of(cli: CommandLine, acme: Made) -> None:
    warnings = cli("channel", "show", "Acme Ltd", "whatsapp", "--json").stderr.splitlines()

    assert len(warnings) == 2
    assert all(line.startswith("WARNING: ") for line in warnings)
    assert "app_secret" in warnings[0]
    assert "SWIFTCRM_PUBLIC_URL" in warnings[1]


@pytest.mark.parametrize("loopback", ["http://localhost:8000", "http://127.0.0.2", "http://[::1]"])
def test_every_loopback_url_is_warned_of(cli: CommandLine, acme: Made, loopback: str) -> None:
    cli.set("public_url", loopback)

    assert "SWIFTCRM_PUBLIC_URL" in cli("channel", "show", "Acme Ltd", "whatsapp").stderr


def test_a_url_that_is_not_https_is_warned_of(cli: CommandLine, acme: Made) -> None:
    cli.set("public_url", "http://leads.example.com")

    assert "https" in cli("channel", "show", "Acme Ltd", "whatsapp").stderr


def test_nothing_is_warned_of_when_all_is_set(cli: CommandLine, acme: Made) -> None:
    cli.set("public_url", "https://leads.example.com")
    set_whatsapp(cli, f"app_secret={SECRET}")

    assert cli("channel", "show", "Acme Ltd", "whatsapp").stderr == ""


@pytest.mark.parametrize("command", [("show",), ("set", "phone_number_ids=1")])
def test_a_secret_that_cannot_be_read_is_warned_of(
    cli: CommandLine, acme: Made, command: tuple[str, ...]
) -> None:
    set_whatsapp(cli, f"app_secret={SECRET}")
    cli.set("secret_key", OTHER_KEY)

    done = cli("channel", command[0], "Acme Ltd", "whatsapp", *command[1:], "--json")

    assert done.exit_code == 0
    assert json.loads(done.stdout)["app_secret_set"] is True
    [warning] = [line for line in done.stderr.splitlines() if "app_secret" in line]
    assert warning.startswith("WARNING: The app_secret of whatsapp cannot be read")
    assert "SWIFTCRM_SECRET_KEY" in warning
    assert "app_secret=-" in warning


def test_a_secret_that_is_set_again_can_be_read(cli: CommandLine, acme: Made) -> None:
    set_whatsapp(cli, f"app_secret={SECRET}")
    cli.set("secret_key", OTHER_KEY)
    set_whatsapp(cli, f"app_secret={SECRET}")

    assert "app_secret" not in cli("channel", "show", "Acme Ltd", "whatsapp").stderr


@pytest.mark.parametrize("command", ["show", "set", "test"])
def test_a_channel_that_is_not_switched_on_is_named(
    cli: CommandLine, acme: Made, command: str
) -> None:
    settings = ["a=b"] if command == "set" else []

    done = cli("channel", command, "Acme Ltd", "telegram", *settings)

    assert done.exit_code == 3
    assert is_one_line(done.stderr)
    assert "telegram" in done.stderr
    assert "whatsapp" in done.stderr
    assert "package.module:factory" in done.stderr
