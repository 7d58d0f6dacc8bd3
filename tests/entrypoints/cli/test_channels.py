"""`swiftcrm channel …`."""

import json
import re
from typing import Any

import pytest

from domain.held import NUMBER_NOT_LISTED
from tests.entrypoints.cli.command_line import CommandLine, is_one_line
from tests.support.builders import a_held_call, a_project
from tests.support.stores import Store

CHANNEL = [
    "webhook_url",
    "verify_token",
    "app_secret_set",
    "phone_number_ids",
    "key_id",
    "last_challenge_at",
    "last_delivery_at",
    "last_bad_signature_at",
    "unlisted_numbers",
]
SECRET = "0123456789abcdef0123456789abcdef"
Made = dict[str, Any]


def _set(cli: CommandLine, *settings: str) -> Any:
    return cli.json("channel", "set", "Acme Ltd", "whatsapp", *settings)


def _show(cli: CommandLine) -> Any:
    return cli.json("channel", "show", "Acme Ltd", "whatsapp")


def test_show_prints_what_the_sender_wants_to_know(cli: CommandLine, acme: Made) -> None:
    cli.set("public_url", "https://leads.example.com/")

    shown = _show(cli)

    assert list(shown) == CHANNEL
    assert re.fullmatch(
        r"https://leads\.example\.com/api/whatsapp/webhook\?api_key=swk_\w+", shown["webhook_url"]
    )
    assert len(shown["verify_token"]) >= 20
    assert shown["app_secret_set"] is False
    assert shown["phone_number_ids"] == []


def test_nothing_came_through_a_channel_at_first(cli: CommandLine, acme: Made) -> None:
    shown = _show(cli)

    assert [shown[name] for name in CHANNEL if name.startswith("last_")] == [None] * 3
    assert shown["unlisted_numbers"] == []


def test_show_names_the_numbers_that_nobody_lists(cli: CommandLine, acme: Made) -> None:
    of_acme = a_project(project_id=acme["project_id"])
    held = {"channel": "whatsapp", "code": NUMBER_NOT_LISTED}
    calls = [a_held_call(of_acme, origin=number, **held) for number in ("106", "107", "106")]
    Store(cli.database).use(lambda container: container.held_ledger().hold(calls))

    assert _show(cli)["unlisted_numbers"] == [
        {"number": "106", "held": 2},
        {"number": "107", "held": 1},
    ]


def test_the_url_and_the_token_stay_the_same(cli: CommandLine, acme: Made) -> None:
    assert _show(cli) == _show(cli)


def test_the_key_in_the_url_is_not_the_projects(cli: CommandLine, acme: Made) -> None:
    assert acme["api_key"] not in _show(cli)["webhook_url"]


def test_set_prints_the_channel_as_it_is_now(cli: CommandLine, acme: Made) -> None:
    done = _set(cli, f"app_secret={SECRET}", "verify_token=mine", "phone_number_ids=1, 2")

    assert list(done) == CHANNEL
    assert done["app_secret_set"] is True
    assert done["verify_token"] == "mine"
    assert done["phone_number_ids"] == ["1", "2"]
    assert _show(cli) == done


def test_set_leaves_what_it_does_not_name(cli: CommandLine, acme: Made) -> None:
    _set(cli, f"app_secret={SECRET}", "phone_number_ids=1")

    assert _set(cli, "phone_number_ids=")["phone_number_ids"] == []
    assert _show(cli)["app_secret_set"] is True


def test_two_secrets_may_be_set_during_a_rotation(cli: CommandLine, acme: Made) -> None:
    assert _set(cli, f"app_secret={SECRET},{SECRET[::-1]}")["app_secret_set"] is True


def test_an_empty_value_removes_the_secret(cli: CommandLine, acme: Made) -> None:
    _set(cli, f"app_secret={SECRET}")

    assert _set(cli, "app_secret=")["app_secret_set"] is False


def test_a_removed_verify_token_is_made_anew(cli: CommandLine, acme: Made) -> None:
    first = _show(cli)["verify_token"]

    assert _set(cli, "verify_token=")["verify_token"] not in (None, first)


def test_a_secret_is_never_printed_and_never_stored_readable(cli: CommandLine, acme: Made) -> None:
    printed = [cli("channel", "set", "Acme Ltd", "whatsapp", f"app_secret={SECRET}")]
    printed += [cli("channel", "show", "Acme Ltd", "whatsapp"), cli("project", "show", "Acme Ltd")]
    stored = b"".join(file.read_bytes() for file in cli.database.parent.iterdir())

    assert all(SECRET not in done.stdout + done.stderr for done in printed)
    assert SECRET.encode() not in stored
    assert b"app_secret" in stored


def test_a_value_of_dash_is_read_from_standard_input(cli: CommandLine, acme: Made) -> None:
    arguments = ("channel", "set", "Acme Ltd", "whatsapp", "app_secret=-", "verify_token=-")

    done = cli(*arguments, "--json", stdin=f"{SECRET}\nfrom-stdin\n")
    shown = json.loads(done.stdout)

    assert shown["app_secret_set"] is True
    assert shown["verify_token"] == "from-stdin"


def test_an_empty_standard_input_does_not_remove_the_secret(cli: CommandLine, acme: Made) -> None:
    _set(cli, f"app_secret={SECRET}")

    done = cli("channel", "set", "Acme Ltd", "whatsapp", "app_secret=-", stdin="")

    assert done.exit_code == 2
    assert _show(cli)["app_secret_set"] is True


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
    _set(cli, f"app_secret={SECRET}")

    assert cli("channel", "show", "Acme Ltd", "whatsapp").stderr == ""


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


def test_an_unknown_setting_names_the_known_ones(cli: CommandLine, acme: Made) -> None:
    done = cli("channel", "set", "Acme Ltd", "whatsapp", "app_secrets=x")

    assert done.exit_code == 2
    assert is_one_line(done.stderr)
    assert all(name in done.stderr for name in ("verify_token", "app_secret", "phone_number_ids"))


@pytest.mark.parametrize(
    "wrong",
    [
        "app_secret=short",
        f"app_secret={SECRET},{SECRET},{SECRET}",
        "verify_token=ümlaut",
        "verify_token=one,two",
        "phone_number_ids=+4912345",
        "app_secret=caf\udce9caf\udce9",
    ],
)
def test_a_wrong_value_changes_nothing_and_is_not_repeated(
    cli: CommandLine, acme: Made, wrong: str
) -> None:
    before = _show(cli)
    name, _, value = wrong.partition("=")
    right = "verify_token=new" if name == "phone_number_ids" else "phone_number_ids=77"

    done = cli("channel", "set", "Acme Ltd", "whatsapp", right, wrong)

    assert done.exit_code == 2
    assert is_one_line(done.stderr)
    assert name in done.stderr
    assert value not in done.stderr
    assert _show(cli) == before


@pytest.mark.parametrize("wrong", ["app_secret", "=value"])
def test_what_is_not_name_and_value_is_wrong_usage(
    cli: CommandLine, acme: Made, wrong: str
) -> None:
    done = cli("channel", "set", "Acme Ltd", "whatsapp", wrong)

    assert done.exit_code == 2
    assert "NAME=VALUE" in done.stderr


def test_a_setting_named_twice_is_wrong_usage(cli: CommandLine, acme: Made) -> None:
    done = cli("channel", "set", "Acme Ltd", "whatsapp", "phone_number_ids=1", "phone_number_ids=2")

    assert done.exit_code == 2
