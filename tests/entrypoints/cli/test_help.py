"""What `--help` and `--version` say."""

import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from entrypoints.cli.app import DISTRIBUTION, build_cli
from entrypoints.process.main import new_container
from tests.support.program import environment

CLI = build_cli(new_container)


SLOW = (
    "entrypoints.container",
    "sanic",
    "motor",
    "pymongo",
    "redis",
    "cryptography",
    "httpx2",
    "argon2",
    "xlsxwriter",
)
LOADED = f"""
import sys
from entrypoints.process.main import main
sys.argv = ["swiftcrm", "--help"]
try:
    main()
finally:
    print(*(name for name in {SLOW} if name in sys.modules), file=sys.stderr)
"""


def _commands(cli: typer.Typer, *path: str) -> Iterator[tuple[str, ...]]:
    """The path of every command below *cli*."""
    for group in cli.registered_groups:
        assert group.typer_instance is not None
        yield from _commands(group.typer_instance, *path, str(group.name))
    for command in cli.registered_commands:
        yield (*path, str(command.name))


COMMANDS = sorted(_commands(CLI))
GROUPS = sorted({path[:-1] for path in COMMANDS if path[:-1]})


def _help(*path: str, columns: int = 80) -> str:
    result = CliRunner().invoke(CLI, [*path, "--help"], terminal_width=columns - 2)
    assert result.exit_code == 0
    assert result.stderr == ""
    return result.stdout


def _summaries(*group: str, columns: int) -> str:
    commands = _help(*group, columns=columns).partition("Commands:\n")[2]
    return commands.partition("\n\n")[0]


def _words(*path: str) -> str:
    return " ".join(_help(*path).split())


def test_the_commands_are_the_products() -> None:
    assert [" ".join(path) for path in COMMANDS] == [
        "backup",
        "channel set",
        "channel show",
        "channel test",
        "held list",
        "held release",
        "held show",
        "key create",
        "key list",
        "key revoke",
        "lead count",
        "lead export",
        "lead list",
        "lead show",
        "project create",
        "project list",
        "project show",
        "project update",
        "restore",
        "serve",
        "user create",
        "user link",
        "user list",
        "user remove",
        "user update",
    ]


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_the_help_of_a_command_has_an_example(path: tuple[str, ...]) -> None:
    lines = [line.strip() for line in _help(*path).splitlines()]

    assert any(line.startswith(f"swiftcrm {' '.join(path)}") for line in lines)


@pytest.mark.parametrize("path", [path for path in COMMANDS if path != ("lead", "export")])
def test_every_listing_takes_json(path: tuple[str, ...]) -> None:
    assert ("--json" in _help(*path)) == (path != ("serve",))


@pytest.mark.parametrize("group", GROUPS, ids=" ".join)
def test_a_group_alone_shows_its_commands(group: tuple[str, ...]) -> None:
    result = CliRunner().invoke(CLI, list(group))

    assert result.exit_code == 2
    assert all(path[-1] in result.output for path in COMMANDS if path[:-1] == group)


@pytest.mark.parametrize("group", [(), *GROUPS], ids=" ".join)
def test_what_a_command_does_is_said_in_one_line_and_whole_on_a_narrow_terminal_too(
    group: tuple[str, ...],
) -> None:
    usual, narrower, narrow = (_summaries(*group, columns=columns) for columns in (80, 60, 40))

    names = [path[len(group)] for path in COMMANDS if path[: len(group)] == group]
    assert sorted(line.split()[0] for line in usual.splitlines()) == sorted(set(names))
    assert usual.split() == narrower.split() == narrow.split()
    assert "..." not in usual


@pytest.mark.parametrize("path", [(), *GROUPS, *COMMANDS], ids=" ".join)
def test_no_line_is_longer_than_a_terminal_is_wide(path: tuple[str, ...]) -> None:
    assert max(len(line) for line in _help(*path).splitlines()) <= 80


def test_the_help_of_all_shows_examples_and_exit_codes() -> None:
    text = _help()

    assert "swiftcrm serve" in text
    assert "Exit codes:" in text
    assert "held item" in " ".join(text.split())
    assert ".env.example" in text


def test_help_waits_for_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED],
        env=environment(tmp_path / "leads.db"),
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.startswith("Usage: swiftcrm")
    assert done.stderr.split() == []


def test_the_moment_of_a_held_call_is_when_it_was_sent_last_and_a_leads_when_it_was_captured() -> (
    None
):
    assert "Only what was sent last at time T or later" in _words("held", "list")
    assert "Only what was captured at time T or later" in _words("lead", "list")


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_what_may_be_given_several_times_has_one_row_of_dots(path: tuple[str, ...]) -> None:
    usage = _words(*path).partition(" Options:")[0]

    assert "...}..." not in usage
    assert "...]..." not in usage


def test_the_id_of_a_lead_says_where_it_is_found() -> None:
    assert "The lead's number, as `lead list` shows it." in _words("lead", "show")


def test_the_help_of_key_create_says_which_key_is_for_what() -> None:
    text = " ".join(_help("key", "create").split())

    assert "ordinary key is for servers" in text
    assert "page's key (--page) is public" in text
    assert "lead path alone" in text


def test_the_version_is_the_distributions() -> None:
    result = CliRunner().invoke(CLI, ["--version"])

    assert result.exit_code == 0
    assert result.stdout == f"swiftcrm {version(DISTRIBUTION)}\n"


@pytest.mark.parametrize("wrong", [("nonsense",), ("project", "delete"), ("serve", "--workers")])
def test_an_unknown_command_or_option_is_wrong_usage(wrong: tuple[str, ...]) -> None:
    result = CliRunner().invoke(CLI, wrong)

    assert result.exit_code == 2
    assert result.stdout == ""
