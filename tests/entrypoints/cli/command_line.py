"""The command line in this process, where a process for each case would be too slow."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from domain.capture import Batch, Capture, Kept
from domain.held import HeldCall
from domain.plan import Month
from entrypoints.cli.app import build_cli
from entrypoints.process.main import new_container
from tests.support.builders import a_capture, a_project
from tests.support.stores import Store


@dataclass(frozen=True)
class Done:
    """What a command did; *stdout* byte for byte, line ends included."""

    exit_code: int
    stdout: str
    stderr: str


class CommandLine:
    """`swiftcrm` over one store; a defect comes out as the exception that it is."""

    def __init__(self, database: Path, environment: pytest.MonkeyPatch) -> None:
        self.database = database
        self._environment = environment
        self._cli = build_cli(new_container)

    def __call__(self, *arguments: str, stdin: str | None = None) -> Done:
        result = CliRunner().invoke(self._cli, arguments, input=stdin, catch_exceptions=False)
        return Done(result.exit_code, result.stdout_bytes.decode(), result.stderr_bytes.decode())

    def json(self, *arguments: str) -> Any:
        done = self(*arguments, "--json")
        assert done.exit_code == 0, done.stderr
        return json.loads(done.stdout)

    def set(self, name: str, value: str) -> None:
        """Give the commands from here on a setting."""
        self._environment.setenv(f"SWIFTCRM_{name.upper()}", value)

    def keep(self, project_id: str, *captures: Capture) -> list[int]:
        """Leads straight into the store, past HTTP; their numbers."""
        batch = Batch(Month.of(captures[0].captured_at), captures, {project_id: None})
        outcomes = Store(self.database).use(lambda container: container.ledger().record(batch, 10))
        assert all(isinstance(outcome, Kept) for outcome in outcomes)
        return [outcome.lead_id for outcome in outcomes if isinstance(outcome, Kept)]

    def hold(self, *calls: HeldCall) -> None:
        """Calls that are held, straight into the store."""
        Store(self.database).use(lambda container: container.held_ledger().hold(calls))


def of(project_id: str, **fields: Any) -> Capture:
    """A capture for the project that a command made."""
    return a_capture(a_project(project_id=project_id), **fields)


def is_one_line(text: str) -> bool:
    """Whether *text* is what a failing command may say: one line, and who says it."""
    return text.startswith("swiftcrm: ") and text.endswith("\n") and text.count("\n") == 1
