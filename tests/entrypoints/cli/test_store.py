"""What commands do with a store that is missing, foreign, newer, damaged or busy."""

import sqlite3
from contextlib import closing

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


@pytest.mark.parametrize("command", [("project", "create", "Beta"), ("project", "list")])
def test_a_store_of_a_newer_version_is_refused_and_left_alone(
    cli: CommandLine, command: tuple[str, ...]
) -> None:
    cli.json("project", "create", "Acme Ltd")
    with closing(sqlite3.connect(cli.database)) as connection:
        connection.execute("PRAGMA user_version = 99")

    done = cli(*command)

    assert done.exit_code == 5
    assert is_one_line(done.stderr)
    assert "newer version" in done.stderr
    with closing(sqlite3.connect(cli.database)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (99,)
        assert connection.execute("SELECT count(*) FROM projects").fetchone() == (1,)


@pytest.mark.parametrize("command", [("project", "create", "Beta"), ("project", "list")])
def test_a_database_of_another_program_is_refused_and_left_alone(
    cli: CommandLine, command: tuple[str, ...]
) -> None:
    cli.database.parent.mkdir()
    with closing(sqlite3.connect(cli.database)) as connection:
        connection.execute("CREATE TABLE theirs (x)")

    done = cli(*command)

    assert done.exit_code == 5
    assert is_one_line(done.stderr)
    assert "another program" in done.stderr
    with closing(sqlite3.connect(cli.database)) as connection:
        assert connection.execute("SELECT name FROM sqlite_schema").fetchall() == [("theirs",)]
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_a_file_that_is_no_database_must_be_mended(cli: CommandLine) -> None:
    cli.database.parent.mkdir()
    cli.database.write_bytes(b"this is not a database, and long enough to be read as one" * 99)

    done = cli("project", "list")

    assert done.exit_code == 5
    assert is_one_line(done.stderr)
    assert str(cli.database) in done.stderr


def test_a_folder_in_place_of_the_store_must_be_mended(cli: CommandLine) -> None:
    cli.database.mkdir(parents=True)

    done = cli("project", "list")

    assert done.exit_code == 5
    assert is_one_line(done.stderr)
    assert str(cli.database) in done.stderr


def test_a_store_that_cannot_be_made_must_be_mended(cli: CommandLine) -> None:
    cli.database.parent.write_text("a file where the folder should be")

    done = cli("project", "create", "Acme Ltd")

    assert done.exit_code == 5
    assert is_one_line(done.stderr)
    assert str(cli.database) in done.stderr


def test_a_store_that_stays_busy_can_be_tried_again(cli: CommandLine) -> None:
    cli.json("project", "create", "Acme Ltd")
    with closing(sqlite3.connect(cli.database, isolation_level=None)) as neighbour:
        neighbour.execute("BEGIN IMMEDIATE")

        done = cli("project", "create", "Beta")

    assert done.exit_code == 6
    assert is_one_line(done.stderr)
    assert [project["name"] for project in cli.json("project", "list")] == ["Acme Ltd"]


def test_without_the_key_to_the_secrets_a_channel_can_still_be_shown(cli: CommandLine) -> None:
    cli.json("project", "create", "Acme Ltd")
    cli.json("channel", "set", "Acme Ltd", "whatsapp", "app_secret=0123456789abcdef")
    key_file = cli.database.with_name(f"{cli.database.name}.key")
    mode = key_file.stat().st_mode & 0o777
    key_file.unlink()

    shown = cli.json("channel", "show", "Acme Ltd", "whatsapp")

    assert mode == 0o600
    assert shown["app_secret_set"] is True
