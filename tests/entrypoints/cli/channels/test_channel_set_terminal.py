"""`swiftcrm channel set PROJECT CHANNEL NAME=-` at a terminal."""

import os
import pty
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.entrypoints.cli.channels.trials import SECRET
from tests.support.program import PROGRAM, environment, swiftcrm_json


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
