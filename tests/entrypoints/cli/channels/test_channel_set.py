"""`swiftcrm channel set`."""

import json
import os
import pty
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.entrypoints.cli.channels.trials import CHANNEL, SECRET, set_whatsapp, show_whatsapp
from tests.entrypoints.cli.command_line import CommandLine, is_one_line
from tests.support.program import PROGRAM, environment, swiftcrm_json

Made = dict[str, Any]


def test_set_prints_the_channel_as_it_is_now(cli: CommandLine, acme: Made) -> None:
    done = set_whatsapp(cli, f"app_secret={SECRET}", "verify_token=mine", "phone_number_ids=1, 2")

    assert list(done) == CHANNEL
    assert done["app_secret_set"] is True
    assert done["verify_token"] == "mine"
    assert done["phone_number_ids"] == ["1", "2"]
    assert show_whatsapp(cli) == done


@pytest.mark.parametrize("command", [("set", "verify_token=mine"), ("show",)])
def test_a_number_that_another_project_lists_too_is_warned_of(
    cli: CommandLine, acme: Made, command: tuple[str, ...]
) -> None:
    cli.json("project", "create", "Acme Paris")
    cli.json("channel", "set", "Acme Paris", "whatsapp", "phone_number_ids=111,222")
    set_whatsapp(cli, "phone_number_ids=333,222")

    done = cli("channel", command[0], "Acme Ltd", "whatsapp", *command[1:])

    [warning] = [line for line in done.stderr.splitlines() if "Acme Paris" in line]
    assert warning.startswith("WARNING: ")
    assert "222" in warning
    assert "333" not in warning
    assert "List each number in one project alone" in warning


def test_an_empty_value_removes_the_secret(cli: CommandLine, acme: Made) -> None:
    set_whatsapp(cli, f"app_secret={SECRET}")

    assert set_whatsapp(cli, "app_secret=")["app_secret_set"] is False


def test_a_removed_verify_token_is_made_anew(cli: CommandLine, acme: Made) -> None:
    first = show_whatsapp(cli)["verify_token"]

    assert set_whatsapp(cli, "verify_token=")["verify_token"] not in (None, first)


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
    set_whatsapp(cli, f"app_secret={SECRET}")

    done = cli("channel", "set", "Acme Ltd", "whatsapp", "app_secret=-", stdin="")

    assert done.exit_code == 2
    assert show_whatsapp(cli)["app_secret_set"] is True


def test_an_unknown_setting_names_the_known_ones(cli: CommandLine, acme: Made) -> None:
    done = cli("channel", "set", "Acme Ltd", "whatsapp", "app_secrets=x")

    assert done.exit_code == 2
    assert is_one_line(done.stderr)
    assert all(name in done.stderr for name in ("verify_token", "app_secret", "phone_number_ids"))


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


class Terminal:
    """A terminal that a command reads from."""

    def __init__(self) -> None:
        self._keyboard, self._line = pty.openpty()

    def run(self, database: Path, *arguments: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [*PROGRAM, "channel", "set", *arguments],
            env=environment(database),
            cwd=database.parent,
            stdin=self._line,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # or it would ask at a developer's own terminal
        )

    def type(self, text: str) -> None:
        os.write(self._keyboard, text.encode())

    def shown(self) -> bytes:
        """What it shows of what was typed; it holds this mark in any case."""
        os.write(self._line, b"MARK")
        shown = b""
        while not shown.endswith(b"MARK"):
            shown += os.read(self._keyboard, 1024)
        return shown

    def close(self) -> None:
        os.close(self._keyboard)
        os.close(self._line)


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    terminal = Terminal()
    yield terminal
    terminal.close()


@pytest.fixture
def database(tmp_path: Path) -> Path:
    database = tmp_path / "leads.db"
    swiftcrm_json(database, "project", "create", "Acme Ltd")
    return database


def test_a_value_is_asked_for_and_not_shown(database: Path, terminal: Terminal) -> None:
    with terminal.run(database, "Acme Ltd", "whatsapp", "app_secret=-") as command:
        assert command.stderr is not None
        asked = command.stderr.read(len("app_secret"))
        terminal.type(f"{SECRET}\n")
        _, said = command.communicate(timeout=30)

    assert asked == b"app_secret"
    assert command.returncode == 0, said
    assert SECRET.encode() not in terminal.shown() + said
    shown = swiftcrm_json(database, "channel", "show", "Acme Ltd", "whatsapp")
    assert shown["app_secret_set"] is True


def test_the_end_of_input_sets_nothing(database: Path, terminal: Terminal) -> None:
    with terminal.run(database, "Acme Ltd", "whatsapp", "app_secret=-") as command:
        assert command.stderr is not None
        command.stderr.read(len("app_secret"))
        terminal.type("\x04")
        _, said = command.communicate(timeout=30)

    assert command.returncode == 2
    assert b"app_secret= removes it" in said


@pytest.mark.parametrize("wrong", [("Nobody", "whatsapp"), ("Acme Ltd", "telegram")])
def test_nobody_types_a_secret_for_a_project_or_a_channel_that_is_not_there(
    database: Path, terminal: Terminal, wrong: tuple[str, str]
) -> None:
    with terminal.run(database, *wrong, "app_secret=-") as command:
        _, said = command.communicate(timeout=30)

    assert command.returncode == 3
    assert said.startswith(b"swiftcrm: ")
