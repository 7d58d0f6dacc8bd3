"""`swiftcrm project create`."""

import pytest

from domain.api_key import is_well_formed
from tests.entrypoints.cli.command_line import CommandLine, is_one_line


def test_create_prints_the_project_and_its_key(cli: CommandLine) -> None:
    made = cli.json("project", "create", "Acme Ltd", "--domain", "acme.com")

    assert list(made) == [
        "project_id",
        "name",
        "api_key",
        "key_id",
        "monthly_limit",
        "domains",
        "require_origin",
    ]
    assert made["project_id"].startswith("prj_")
    assert made["name"] == "Acme Ltd"
    assert is_well_formed(made["api_key"])
    assert made["monthly_limit"] is None
    assert made["domains"] == ["acme.com"]
    assert made["require_origin"] is False


def test_create_for_people_says_that_the_key_is_shown_once(cli: CommandLine) -> None:
    done = cli("project", "create", "Acme Ltd")

    assert done.exit_code == 0
    assert "swk_" in done.stdout
    assert "is not shown again" in done.stdout


def test_a_project_that_lists_null_is_made_with_a_warning(cli: CommandLine) -> None:
    done = cli("project", "create", "Acme Ltd", "--domain", "null", "--domain", "acme.com")

    assert done.exit_code == 0
    assert "every page may send leads" in done.stderr


def test_the_key_is_not_kept_in_the_store(cli: CommandLine) -> None:
    made = cli.json("project", "create", "Acme Ltd")

    assert made["api_key"].encode() not in b"".join(
        file.read_bytes() for file in cli.database.parent.iterdir()
    )


def test_a_name_that_is_not_utf8_is_refused(cli: CommandLine) -> None:
    done = cli("project", "create", "caf\udce9")

    assert done.exit_code == 2
    assert done.stderr


@pytest.mark.parametrize("domain", ["co.uk", "exa\udcffmple.com"])
def test_a_domain_that_cannot_be_one_makes_no_project(cli: CommandLine, domain: str) -> None:
    cli.json("project", "create", "Other")

    done = cli("project", "create", "Acme Ltd", "--domain", domain)

    assert done.exit_code == 2
    assert is_one_line(done.stderr)
    assert [project["name"] for project in cli.json("project", "list")] == ["Other"]


@pytest.mark.parametrize(
    "given", ["a.com,*.b.com", "a.com *.b.com", "a.com; *.b.com", "a.com\n*.b.com,"]
)
def test_several_domains_in_one_option_are_answered_with_the_line_to_type(
    cli: CommandLine, given: str
) -> None:
    done = cli("project", "create", "Acme Ltd", "--domain", given, "--domain", "c.com")

    assert done.exit_code == 2
    assert "--domain a.com --domain '*.b.com' --domain c.com" in done.stderr
    assert not cli.database.parent.exists()


@pytest.mark.parametrize(("given", "kept"), [("none", None), ("None", None), ("0", 0), ("7", 7)])
def test_a_limit_is_a_number_or_none(cli: CommandLine, given: str, kept: int | None) -> None:
    made = cli.json("project", "create", "Acme Ltd", "--monthly-limit", given)

    assert made["monthly_limit"] == kept


@pytest.mark.parametrize("limit", ["-1", "abc", "", "1.5", "1_000", "٣", "9" * 20, "9" * 5000])
def test_a_limit_that_is_no_number_makes_no_project(cli: CommandLine, limit: str) -> None:
    cli.json("project", "create", "Other")

    done = cli("project", "create", "Acme Ltd", "--monthly-limit", limit)

    assert done.exit_code == 2
    assert "limit" in done.stderr
    assert [project["name"] for project in cli.json("project", "list")] == ["Other"]


def test_a_limit_that_is_too_large_is_not_called_too_small(cli: CommandLine) -> None:
    done = cli("project", "create", "Acme Ltd", "--monthly-limit", "9" * 20)

    assert done.exit_code == 2
    assert "0 or more" not in done.stderr


def test_an_origin_can_be_required_from_the_beginning(cli: CommandLine) -> None:
    made = cli.json("project", "create", "Acme Ltd", "--require-origin")

    assert made["require_origin"] is True
