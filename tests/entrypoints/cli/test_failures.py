"""How a failing command ends, whatever fails."""

from typing import NoReturn

import pytest
import typer
from typer.testing import CliRunner

from domain.errors import Advice, AdviceCode, NotFound, StorageUnavailable, StoreUnusable
from domain.refusals import UnknownChannel
from entrypoints.cli.app import build_cli
from entrypoints.cli.failures import EXIT_CODES_HELP, EXIT_OF
from tests.entrypoints.cli.command_line import is_one_line


def _failing(error: Exception) -> typer.Typer:
    """The commands where not even the container can be made."""

    def fail() -> NoReturn:
        raise error

    return build_cli(fail)


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

    result = CliRunner().invoke(_failing(error), command)

    assert result.exit_code == EXIT_OF[kind]
    assert is_one_line(result.stderr)
    assert str(error) in result.stderr
    assert result.stdout == ""


def test_a_busy_store_is_told_in_words() -> None:
    error = StorageUnavailable("sqlite: SQLITE_BUSY")

    result = CliRunner().invoke(_failing(error), ["project", "list"])

    assert result.exit_code == 6
    assert "try again" in result.stderr


@pytest.mark.parametrize("kind", [StoreUnusable, StorageUnavailable])
def test_what_to_do_is_said_on_the_same_line_as_what_is_wrong(
    kind: type[StoreUnusable | StorageUnavailable],
) -> None:
    option = Advice(AdviceCode.LEAVE_OPTION_OUT, {"option": "w"})
    error = kind("The URL says w.", option, Advice(AdviceCode.MAKE_STORE))

    result = CliRunner().invoke(_failing(error), ["project", "list"])

    said = (
        "Leave w out of SWIFTCRM_DATABASE_URL."
        " `swiftcrm serve` or `swiftcrm project create` makes one.\n"
    )
    assert is_one_line(result.stderr)
    assert "The URL says w." in result.stderr
    assert result.stderr.endswith(said)


def test_nobody_is_told_to_try_again_where_there_is_advice() -> None:
    error = StorageUnavailable("The disk is full.", Advice(AdviceCode.MAKE_ROOM, {"store": "x.db"}))

    result = CliRunner().invoke(_failing(error), ["project", "list"])

    assert "Make room on the disk that holds x.db" in result.stderr
    assert "try again" not in result.stderr


@pytest.mark.parametrize("text", ["two\nlines", "\x1b[31mred", "\u202ereversed"])
def test_a_failure_is_one_line_that_cannot_steer_the_terminal(text: str) -> None:
    result = CliRunner().invoke(_failing(NotFound(text)), ["project", "list"])

    assert is_one_line(result.stderr)
    assert not set(result.stderr) & set("\x1b\u202e")


def test_a_defect_is_not_taken_for_a_failure() -> None:
    defect = ZeroDivisionError()

    result = CliRunner().invoke(_failing(defect), ["project", "list"])

    assert result.exit_code == 1
    assert result.exception is defect


def test_every_exit_code_is_explained() -> None:
    assert all(f" {code} " in EXIT_CODES_HELP for code in {0, 1, *EXIT_OF.values()})
