"""`swiftcrm user list`, `update` and `remove`."""

from typing import Any

import pytest

from entrypoints.cli.messages import NO_USERS
from tests.entrypoints.cli.command_line import CommandLine, is_one_line

USER = ["user_id", "email", "admin", "projects", "last_sign_in_at"]
Made = dict[str, Any]


@pytest.fixture
def users(cli: CommandLine, acme: Made) -> None:
    """Ada is an admin, and Bob a member who sees Acme."""
    cli.json("user", "create", "ada@example.com", "--admin")
    cli.json("user", "create", "bob@example.com", "--project", "Acme Ltd")


def test_the_list_has_every_user_oldest_first(cli: CommandLine, acme: Made, users: None) -> None:
    ada, bob = cli.json("user", "list")

    assert list(ada) == list(bob) == USER
    assert [ada["email"], ada["admin"], ada["projects"]] == ["ada@example.com", True, []]
    assert [bob["email"], bob["admin"], bob["projects"]] == [
        "bob@example.com", False, [acme["project_id"]],
    ]  # fmt: skip
    assert ada["last_sign_in_at"] is None


def test_a_person_reads_the_names_of_projects(cli: CommandLine, users: None) -> None:
    _, ada, bob = cli("user", "list").stdout.splitlines()

    assert ada.split() == ["ada@example.com", "yes", "-", "all"]
    assert bob.split() == ["bob@example.com", "no", "-", "Acme", "Ltd"]


def test_where_there_is_no_user_a_person_reads_how_to_make_one(
    cli: CommandLine, acme: Made
) -> None:
    assert cli("user", "list").stderr == f"{NO_USERS}\n"
    assert cli.json("user", "list") == []


def test_projects_are_taken_and_given(cli: CommandLine, acme: Made, users: None) -> None:
    taken = cli.json("user", "update", "bob@example.com", "--remove-project", "Acme Ltd")
    given = cli.json("user", "update", "bob@example.com", "--add-project", acme["project_id"])

    assert list(taken) == USER
    assert (taken["projects"], given["projects"]) == ([], [acme["project_id"]])
    assert cli.json("user", "list")[1] == given


def test_an_admin_is_made_and_is_none_any_more(cli: CommandLine, users: None) -> None:
    assert cli.json("user", "update", "bob@example.com", "--admin")["admin"] is True

    done = cli("user", "update", "ada@example.com", "--no-admin")

    assert ["admin", "no"] in [line.split() for line in done.stdout.splitlines()]


def test_a_change_that_names_nothing_is_refused(cli: CommandLine, users: None) -> None:
    done = cli("user", "update", "bob@example.com")

    assert done.exit_code == 2
    assert "say what to change" in done.stderr


def test_a_user_is_removed(cli: CommandLine, users: None) -> None:
    _, bob = cli.json("user", "list")

    removed = cli.json("user", "remove", "Bob@example.com")

    assert removed == {"user_id": bob["user_id"], "email": "bob@example.com"}
    assert [user["email"] for user in cli.json("user", "list")] == ["ada@example.com"]


@pytest.mark.parametrize("arguments", [("remove",), ("update", "--no-admin")])
def test_the_last_admin_stays_and_the_refusal_says_how_to_make_another(
    cli: CommandLine, users: None, arguments: tuple[str, ...]
) -> None:
    before = cli.json("user", "list")

    done = cli("user", arguments[0], "ada@example.com", *arguments[1:])

    assert (done.exit_code, is_one_line(done.stderr)) == (2, True)
    assert "`swiftcrm user update EMAIL --admin`" in done.stderr
    assert cli.json("user", "list") == before
