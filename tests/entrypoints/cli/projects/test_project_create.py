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
    assert done.stderr == ""


def test_the_key_is_not_kept_in_the_store(cli: CommandLine) -> None:
    made = cli.json("project", "create", "Acme Ltd")

    assert made["api_key"].encode() not in b"".join(
        file.read_bytes() for file in cli.database.parent.iterdir()
    )


def test_the_store_can_be_read_by_its_owner_alone(cli: CommandLine) -> None:
    cli.json("project", "create", "Acme Ltd")

    assert cli.database.stat().st_mode & 0o777 == 0o600
    assert cli.database.parent.stat().st_mode & 0o777 == 0o700


def test_a_name_is_taken_once(cli: CommandLine) -> None:
    cli.json("project", "create", "Acme Ltd")

    again = cli("project", "create", "Acme Ltd")

    assert again.exit_code == 4
    assert is_one_line(again.stderr)
    assert "Acme Ltd" in again.stderr
    assert len(cli.json("project", "list")) == 1


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "two\nlines", "prj_1234"])
def test_a_name_that_cannot_be_one_is_refused(cli: CommandLine, name: str) -> None:
    done = cli("project", "create", name)

    assert done.exit_code == 2
    assert is_one_line(done.stderr)


def test_a_name_that_is_not_utf8_is_refused(cli: CommandLine) -> None:
    done = cli("project", "create", "caf\udce9")

    assert done.exit_code == 2
    assert done.stderr


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Example.COM", "example.com"),
        ("example.com.", "example.com"),
        ("MÜNCHEN.example", "xn--mnchen-3ya.example"),
        ("*.example.com", "*.example.com"),
        ("https://Example.com:443", "https://example.com"),
        ("http://example.com:80/", "http://example.com"),
        ("https://example.com:8443", "https://example.com:8443"),
        ("localhost:3000", "localhost:3000"),
        ("[::0001]", "[::1]"),
        ("faß.de", "xn--fa-hia.de"),
    ],
)
def test_a_domain_is_kept_in_its_canonical_form(cli: CommandLine, given: str, kept: str) -> None:
    made = cli.json("project", "create", "Acme Ltd", "--domain", given)

    assert made["domains"] == [kept]


def test_a_domain_given_twice_is_kept_once(cli: CommandLine) -> None:
    domains = ["--domain", "acme.com", "--domain", "ACME.com.", "--domain", "b.acme.com"]

    made = cli.json("project", "create", "Acme Ltd", *domains)

    assert made["domains"] == ["acme.com", "b.acme.com"]


@pytest.mark.parametrize(
    "domain",
    [
        "co.uk",
        "*.com",
        "exa mple",
        "http://",
        "",
        "https://example.com/contact",
        "user@example.com",
        "example.com:0",
        "example.com:99999",
        "*.127.0.0.1",
        "1.2.3",
        "ftp://example.com",
        "-.example.com",
        "exa\udcffmple.com",
    ],
)
def test_a_domain_that_cannot_be_one_makes_no_project(cli: CommandLine, domain: str) -> None:
    cli.json("project", "create", "Other")

    done = cli("project", "create", "Acme Ltd", "--domain", domain)

    assert done.exit_code == 2
    assert is_one_line(done.stderr)
    assert [project["name"] for project in cli.json("project", "list")] == ["Other"]


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
