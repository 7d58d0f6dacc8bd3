"""How a failing command ends, whatever fails."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from typer.testing import CliRunner

from domain.errors import NotFound, StorageUnavailable
from domain.refusals import UnknownChannel
from entrypoints.cli.app import build_cli
from entrypoints.cli.failures import EXIT_CODES_HELP, EXIT_OF
from entrypoints.cli.program import ClosedServices, Program, Services
from entrypoints.process.settings import Settings
from tests.entrypoints.cli.command_line import is_one_line


class FailingProgram(Program):
    """A program that cannot even open its store."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def settings(self) -> Settings:
        raise self._error

    @asynccontextmanager
    async def services(self, *, create: bool) -> AsyncIterator[Services]:
        raise self._error
        yield

    def closed_services(self) -> ClosedServices:
        raise self._error

    def serve(self, host: str, port: int, on_ready: Callable[[str], None]) -> None:
        raise self._error


def _error(kind: type[Exception]) -> Exception:
    return kind() if issubclass(kind, UnknownChannel) else kind("the cause")


@pytest.mark.parametrize(
    "command", [("project", "list"), ("serve",), ("lead", "list", "Acme"), ("backup", "x")]
)
@pytest.mark.parametrize("kind", EXIT_OF, ids=lambda kind: kind.__name__)
def test_a_known_failure_is_one_line_and_its_own_exit_code(
    kind: type[Exception], command: tuple[str, ...]
) -> None:
    error = _error(kind)

    result = CliRunner().invoke(build_cli(FailingProgram(error)), command)

    assert result.exit_code == EXIT_OF[kind]
    assert is_one_line(result.stderr)
    assert str(error) in result.stderr
    assert result.stdout == ""


def test_a_busy_store_is_told_in_words() -> None:
    error = StorageUnavailable("sqlite: SQLITE_BUSY")

    result = CliRunner().invoke(build_cli(FailingProgram(error)), ["project", "list"])

    assert result.exit_code == 6
    assert "try again" in result.stderr


@pytest.mark.parametrize("text", ["two\nlines", "\x1b[31mred", "\u202ereversed"])
def test_a_failure_is_one_line_that_cannot_steer_the_terminal(text: str) -> None:
    result = CliRunner().invoke(build_cli(FailingProgram(NotFound(text))), ["project", "list"])

    assert is_one_line(result.stderr)
    assert not set(result.stderr) & set("\x1b\u202e")


def test_a_defect_is_not_taken_for_a_failure() -> None:
    defect = ZeroDivisionError()

    result = CliRunner().invoke(build_cli(FailingProgram(defect)), ["project", "list"])

    assert result.exit_code == 1
    assert result.exception is defect


def test_every_exit_code_is_explained() -> None:
    assert all(f" {code} " in EXIT_CODES_HELP for code in {0, 1, *EXIT_OF.values()})
