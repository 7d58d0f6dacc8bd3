"""`swiftcrm channel show`, what it warns of, and a channel that is not switched on."""

import json
import re
from typing import Any

import pytest

from entrypoints.cli.messages import COMPLETE_THE_URL
from tests.entrypoints.cli.channels.trials import CHANNEL, SECRET, set_whatsapp, show_whatsapp
from tests.entrypoints.cli.command_line import CommandLine, is_one_line

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


def test_a_missing_secret_and_a_loopback_url_are_warned_of(cli: CommandLine, acme: Made) -> None:
    warnings = cli("channel", "show", "Acme Ltd", "whatsapp", "--json").stderr.splitlines()

    assert len(warnings) == 2
    assert all(line.startswith("WARNING: ") for line in warnings)
    assert "app_secret" in warnings[0]
    assert "SWIFTCRM_PUBLIC_URL" in warnings[1]


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


@pytest.mark.parametrize("typed", ["WhatsApp", " whatsapp"])
def test_a_channel_is_found_without_case(cli: CommandLine, acme: Made, typed: str) -> None:
    shown = cli.json("channel", "show", "acme ltd", typed)

    assert "/api/whatsapp/webhook" in shown["webhook_url"]


def test_who_mistypes_a_channel_is_asked_for_the_alike_one(cli: CommandLine, acme: Made) -> None:
    done = cli("channel", "show", "Acme Ltd", "watsapp")

    assert "There is no channel 'watsapp'. Did you mean 'whatsapp'? SWIFTCRM" in done.stderr


@pytest.mark.parametrize(
    "command", [("channel", "show", "Acme Ltd", "whatsapp"), ("project", "show", "Acme Ltd")]
)
@pytest.mark.parametrize("more", [(), ("--json",)], ids=["people", "json"])
def test_the_password_of_the_public_address_is_not_printed_and_a_hint_says_to_put_it_in(
    cli: CommandLine, acme: Made, command: tuple[str, ...], more: tuple[str, ...]
) -> None:
    cli.set("public_url", "https://ada:hunter2@leads.example.com")
    show_whatsapp(cli)

    done = cli(*command, *more)

    assert "https://ada:***@leads.example.com/api/whatsapp/webhook?api_key=swk_" in done.stdout
    assert done.stderr.count(COMPLETE_THE_URL) == 1
    assert "hunter2" not in done.stdout + done.stderr
