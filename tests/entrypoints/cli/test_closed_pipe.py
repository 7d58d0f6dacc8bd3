"""A command whose reader has seen enough, as `head` has."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from domain.lead import LeadDetails
from tests.entrypoints.cli.command_line import CommandLine, of
from tests.support.program import PROGRAM, environment

COMMANDS = [
    ("project", "list"),
    ("lead", "export", "Acme Ltd", "--format", "ndjson"),
    ("lead", "export", "Acme Ltd", "--columns", "lead_id"),  # is written at the end, at once
    ("--help",),
    ("--version",),
]


@pytest.fixture
def store(cli: CommandLine, acme: dict[str, Any]) -> Path:
    """A project with more leads than a pipe takes at once."""
    details = LeadDetails(referrer="x" * 2_000)
    cli.keep(acme["project_id"], *(of(acme["project_id"], details=details) for _ in range(100)))
    return cli.database


def _started(store: Path, *arguments: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [*PROGRAM, *arguments],
        env=environment(store) | {"PYTHONUNBUFFERED": ""},  # else nothing waits to be written
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_reader_that_is_gone_is_no_failure(store: Path, command: tuple[str, ...]) -> None:
    with _started(store, *command) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()

    assert (process.returncode, said) == (0, b"")


def test_a_reader_that_goes_in_the_middle_is_no_failure(store: Path) -> None:
    with _started(store, "lead", "export", "Acme Ltd") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        begin = process.stdout.read(10)
        process.stdout.close()
        said = process.stderr.read()

    assert begin == b'"lead_id",'
    assert (process.returncode, said) == (0, b"")


def test_a_failure_stays_one(store: Path) -> None:
    with _started(store, "project", "show", "Nobody") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()

    assert process.returncode == 3
    assert said.startswith(b"swiftcrm: ")
