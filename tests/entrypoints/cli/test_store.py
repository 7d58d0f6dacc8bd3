"""Which commands make the store, and what the others say without one."""

import pytest

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


def test_project_create_makes_the_store_and_its_folder(cli: CommandLine) -> None:
    cli.json("project", "create", "Acme Ltd")

    assert cli.database.exists()


def test_a_project_that_is_refused_makes_no_store(cli: CommandLine) -> None:
    cli("project", "create", "Acme Ltd", "--monthly-limit", "abc")

    assert not cli.database.parent.exists()
