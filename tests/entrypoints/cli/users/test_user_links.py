"""`swiftcrm user create` and `swiftcrm user link`."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from domain.users.tokens import is_token
from entrypoints.cli.messages import CONSOLE_IS_OFF, LINK_IS_LOOPBACK, LINK_SHOWN_ONCE
from tests.entrypoints.cli.command_line import CommandLine, is_one_line
from tests.support.stores import Store

PUBLIC = "https://crm.example.com"


@pytest.fixture(autouse=True)
def public(cli: CommandLine) -> None:
    cli.set("public_url", PUBLIC)


def sets_a_password(cli: CommandLine, link: str) -> bool:
    token = parse_qs(urlsplit(link).query)["token"][0]
    opened = Store(cli.database).use(lambda c: c.open_sign_in_link().use(token, "a new password"))
    return opened.user.password is not None


def test_create_prints_a_link_that_lets_the_user_in(cli: CommandLine, acme: dict[str, Any]) -> None:
    made = cli.json("user", "create", "Ada@example.com", "--project", "acme ltd")

    assert list(made) == ["user_id", "email", "link"]
    assert made["email"] == "ada@example.com"
    address, _, token = made["link"].partition("?token=")
    assert address == f"{PUBLIC}/console/link"
    assert is_token(token)
    assert sets_a_password(cli, made["link"])


def test_a_new_link_is_made_for_a_user(cli: CommandLine, acme: dict[str, Any]) -> None:
    made = cli.json("user", "create", "ada@example.com")

    again = cli.json("user", "link", "ADA@example.com")

    assert again | {"link": ""} == made | {"link": ""}
    assert sets_a_password(cli, again["link"])


@pytest.mark.parametrize("command", ["create", "link"])
def test_a_person_reads_that_the_link_is_shown_once_and_nothing_else_where_it_works(
    cli: CommandLine, acme: dict[str, Any], command: str
) -> None:
    cli.json("user", "create", "ada@example.com")
    email = "ada@example.com" if command == "link" else "bob@example.com"

    done = cli("user", command, email)

    assert LINK_SHOWN_ONCE in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("name", "value", "warning"),
    [
        ("public_url", "http://localhost:8000", LINK_IS_LOOPBACK),
        ("console", "off", CONSOLE_IS_OFF),
    ],
)
def test_what_keeps_the_link_from_working_is_said(
    cli: CommandLine, acme: dict[str, Any], name: str, value: str, warning: str
) -> None:
    cli.set(name, value)

    done = cli("user", "create", "ada@example.com", "--json")

    assert done.stderr == f"WARNING: {warning}\n"


def test_the_login_of_a_proxy_in_front_is_not_in_the_link(
    cli: CommandLine, acme: dict[str, Any]
) -> None:
    cli.set("public_url", "https://user:hunter2@crm.example.com/leads/")

    link = cli.json("user", "create", "ada@example.com")["link"]

    assert link.startswith("https://crm.example.com/leads/console/link?token=")


@pytest.mark.parametrize(
    ("arguments", "exit_code", "said"),
    [
        (["create", "ada"], 2, "such as ada@example.com"),
        (["create", "ada@example.com", "--project", "Acne"], 3, "swiftcrm project list"),
        (["create", "bob@example.com"], 4, "swiftcrm user link"),
        (["link", "carl@example.com"], 3, "swiftcrm user list"),
        (["link", "\udcff"], 3, "swiftcrm user list"),
    ],
)
def test_a_failure_says_what_to_do(
    cli: CommandLine, acme: dict[str, Any], arguments: list[str], exit_code: int, said: str
) -> None:
    cli.json("user", "create", "bob@example.com")

    done = cli("user", *arguments)

    assert (done.exit_code, is_one_line(done.stderr)) == (exit_code, True)
    assert said in done.stderr
    assert len(cli.json("user", "list")) == 1
