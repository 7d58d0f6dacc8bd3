"""`swiftcrm key …`."""

from datetime import UTC, datetime
from typing import Any

import pytest

from domain.api_key import is_well_formed
from entrypoints.cli.messages import KEY_SHOWN_ONCE, NO_KEYS
from tests.entrypoints.cli.command_line import CommandLine, is_one_line
from tests.support.builders import a_project
from tests.support.stores import Store

KEY = ["key_id", "label", "page", "hint", "created_at", "last_used_at", "revoked_at"]
Made = dict[str, Any]


def test_create_prints_the_key(cli: CommandLine, acme: Made) -> None:
    made = cli.json("key", "create", "Acme Ltd", "--label", "landing page")

    assert list(made) == ["key_id", "api_key", "label", "page"]
    assert is_well_formed(made["api_key"])
    assert made["label"] == "landing page"
    assert made["page"] is False


def test_a_person_reads_that_the_key_is_shown_once_and_when_it_was_used_to_the_minute(
    cli: CommandLine, acme: Made
) -> None:
    Store(cli.database).use(
        lambda c: c.keys().mark_used({acme["key_id"]: datetime(2026, 11, 23, 12, 5, tzinfo=UTC)})
    )

    assert KEY_SHOWN_ONCE in cli("key", "create", "Acme Ltd").stdout
    assert " 2026-11-23T12:05Z " in cli("key", "list", "Acme Ltd").stdout


def test_a_key_needs_no_label(cli: CommandLine, acme: Made) -> None:
    assert cli.json("key", "create", "Acme Ltd")["label"] == ""


def test_the_list_tells_keys_apart_without_showing_them(cli: CommandLine, acme: Made) -> None:
    made = cli.json("key", "create", "Acme Ltd", "--label", "second")

    listed = cli.json("key", "list", "Acme Ltd")

    assert [list(key) for key in listed] == [KEY, KEY]
    assert [key["key_id"] for key in listed] == [acme["key_id"], made["key_id"]]
    assert [key["hint"] for key in listed] == [acme["api_key"][-4:], made["api_key"][-4:]]
    assert "swk_" not in str(listed)


def test_a_page_key_is_made_and_listed_as_one(cli: CommandLine, acme: Made) -> None:
    made = cli.json("key", "create", "Acme Ltd", "--page")
    table = [line.split() for line in cli("key", "list", "Acme Ltd").stdout.splitlines()]

    assert made["page"] is True
    assert [key["page"] for key in cli.json("key", "list", "Acme Ltd")] == [False, True]
    assert [key["page"] for key in cli.json("project", "show", "Acme Ltd")["keys"]] == [False, True]
    assert [line[2] for line in table] == ["FOR", "server", "page"]


@pytest.mark.parametrize("more", [(), ("--json",)], ids=["people", "json"])
def test_while_no_domain_is_listed_a_page_key_comes_with_a_hint(
    cli: CommandLine, acme: Made, more: tuple[str, ...]
) -> None:
    done = cli("key", "create", "Acme Ltd", "--page", *more)

    assert done.stderr.startswith("Any page may use this key")
    assert "--add-domain" in done.stderr
    assert done.stderr.count("\n") == 1
    assert "Any page" not in done.stdout


def test_there_is_no_hint_where_a_domain_is_listed_or_the_key_is_a_servers(
    cli: CommandLine, acme: Made
) -> None:
    assert cli("key", "create", "Acme Ltd").stderr == ""

    cli.json("project", "update", "Acme Ltd", "--add-domain", "acme.com")

    assert cli("key", "create", "Acme Ltd", "--page").stderr == ""


def test_the_key_of_a_channel_is_not_among_the_keys(cli: CommandLine, acme: Made) -> None:
    cli.json("channel", "show", "Acme Ltd", "whatsapp")

    assert [key["key_id"] for key in cli.json("key", "list", "Acme Ltd")] == [acme["key_id"]]


def test_a_table_that_goes_to_a_file_shows_every_cell_whole(cli: CommandLine, acme: Made) -> None:
    label = "the form on the landing page of the autumn campaign"
    made = cli.json("key", "create", "Acme Ltd", "--label", label)
    kept = next(key for key in cli.json("key", "list", "Acme Ltd") if key["label"] == label)

    line = cli("key", "list", "Acme Ltd").stdout.splitlines()[2]

    assert made["key_id"] in line
    assert label in line
    assert kept["created_at"] in line


def test_a_project_without_a_key_is_listed_with_the_way_to_one(
    cli: CommandLine, acme: Made
) -> None:
    keyless = a_project(name="Keyless")  # as a command leaves it that is killed half-way
    Store(cli.database).use(lambda container: container.projects().add(keyless))

    for_people, as_json = (cli("key", "list", "Keyless", *more) for more in ((), ("--json",)))

    assert for_people.stderr == f"{NO_KEYS}\n"
    assert (as_json.stdout, as_json.stderr) == ("[]\n", "")


def test_a_revoked_key_stays_in_the_list_with_its_moment(cli: CommandLine, acme: Made) -> None:
    revoked = cli.json("key", "revoke", acme["key_id"])

    assert list(revoked) == KEY
    assert revoked["revoked_at"] is not None
    assert cli.json("key", "list", "Acme Ltd") == [revoked]


def test_a_key_that_is_not_there_cannot_be_revoked(cli: CommandLine, acme: Made) -> None:
    done = cli("key", "revoke", "key_nobody")

    assert done.exit_code == 3
    assert is_one_line(done.stderr)
    assert "key_nobody" in done.stderr


def test_a_label_cannot_steer_the_terminal(cli: CommandLine, acme: Made) -> None:
    done = cli("key", "create", "Acme Ltd", "--label", "red\x1b[31m")

    assert done.exit_code in (0, 2)
    assert "\x1b" not in done.stdout + done.stderr + cli("key", "list", "Acme Ltd").stdout


def test_a_label_that_is_not_utf8_is_refused(cli: CommandLine, acme: Made) -> None:
    done = cli("key", "create", "Acme Ltd", "--label", "caf\udce9")

    assert done.exit_code == 2
    assert done.stderr
