"""Which commands make the store, and what the others say without one."""

import pytest

from entrypoints.cli.messages import NEW_STORE
from tests.entrypoints.cli.command_line import CommandLine, is_one_line

NEED_A_STORE = [
    ("project", "list"),
    ("project", "show", "Acme Ltd"),
    ("project", "update", "Acme Ltd", "--monthly-limit", "1"),
    ("key", "create", "Acme Ltd"),
    ("key", "list", "Acme Ltd"),
    ("key", "revoke", "key_1"),
    ("channel", "set", "Acme Ltd", "whatsapp", "verify_token=x"),
    ("channel", "show", "Acme Ltd", "whatsapp"),
    ("channel", "test", "Acme Ltd", "whatsapp"),
    ("lead", "list", "Acme Ltd"),
    ("lead", "show", "Acme Ltd", "1"),
    ("lead", "export", "Acme Ltd", "--format", "csv"),
]


@pytest.mark.parametrize("command", NEED_A_STORE, ids=lambda command: " ".join(command[:2]))
def test_without_a_store_a_command_says_so_and_makes_none(
    cli: CommandLine, command: tuple[str, ...]
) -> None:
    done = cli(*command)

    assert done.exit_code == 5
    assert is_one_line(done.stderr)
    assert f"There is no store at {cli.database}" in done.stderr
    assert done.stdout == ""
    assert not cli.database.parent.exists()


@pytest.mark.parametrize("more", [(), ("--json",)], ids=["people", "json"])
def test_project_create_makes_the_store_and_its_folder_and_says_so_once(
    cli: CommandLine, more: tuple[str, ...]
) -> None:
    first = cli("project", "create", "Acme Ltd", *more)
    second = cli("project", "create", "Beta", *more)

    assert cli.database.exists()
    assert first.stderr == NEW_STORE.format(location=cli.database) + "\n"
    assert second.stderr == ""


def test_a_store_that_is_made_for_a_project_that_is_refused_is_announced_too(
    cli: CommandLine,
) -> None:
    done = cli("project", "create", "Acme Ltd", "--domain", "co.uk")

    assert done.exit_code == 2
    assert done.stderr.startswith(f"Made a new store: {cli.database}. ")


def test_a_project_that_is_refused_makes_no_store(cli: CommandLine) -> None:
    cli("project", "create", "Acme Ltd", "--monthly-limit", "abc")

    assert not cli.database.parent.exists()
