"""`swiftcrm lead list`."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.lead import LeadDetails
from tests.entrypoints.cli.command_line import CommandLine, of

Made = dict[str, Any]


def test_no_leads_are_an_empty_array(cli: CommandLine, acme: Made) -> None:
    assert cli.json("lead", "list", "Acme Ltd") == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "There are no leads yet.\n"),
        (("--since", "1d"), "No lead matches --since 1d.\n"),
        (("--channel", "REST"), "No lead matches --channel rest.\n"),
        (
            ("--channel", "whatsap"),
            (
                "No lead matches --channel whatsap. No channel 'whatsap' is switched on."
                " Did you mean 'whatsapp'?\n"
            ),
        ),
        (
            ("--until", "2026-11-01", "--search", "Ada L", "--no-contact"),
            "No lead matches --until 2026-11-01 --search 'Ada L' --no-contact.\n",
        ),
    ],
)
def test_a_list_without_leads_says_so_to_a_person(
    cli: CommandLine, acme: Made, options: tuple[str, ...], said: str
) -> None:
    assert cli("lead", "list", "Acme Ltd", *options).stderr == said
    assert cli("lead", "list", "Acme Ltd", *options, "--json").stderr == ""


@pytest.fixture
def campaigns(cli: CommandLine, acme: Made) -> None:
    """Four leads: of a campaign, of its source alone, of nowhere, of somebody without contact."""
    spring = {"utm_source": "Google", "utm_campaign": "Spring Sale"}
    cli.keep(
        acme["project_id"],
        *(
            of(acme["project_id"], details=details)
            for details in (
                LeadDetails(name="Ada Löwe", utm=spring),
                LeadDetails(email="bob@example.com", utm={"utm_source": "google"}),
                LeadDetails(phone="+49 170 123-45"),
                LeadDetails(attributes={"note": "hello"}),
            )
        ),
    )


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (("--source", "GOOGLE"), [2, 1]),
        (("--source", ""), [4, 3]),
        (("--campaign", "Spring Sale"), [1]),
        (("--campaign", "", "--source", "google"), [2]),
        (("--search", "LÖW"), [1]),
        (("--search", "17012"), [3]),
        (("--search", "#2"), [2]),
        (("--no-contact",), [4]),
    ],
)
def test_leads_are_found_by_where_they_came_from_and_what_they_say(
    cli: CommandLine, campaigns: None, options: tuple[str, ...], found: list[int]
) -> None:
    leads = cli.json("lead", "list", "Acme Ltd", *options)

    assert [lead["lead_id"] for lead in leads] == found


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--source", "gogle"), "No lead matches --source gogle. Did you mean 'google'?\n"),
        (
            ("--campaign", "spring sale"),
            "No lead matches --campaign 'spring sale'. Did you mean 'Spring Sale'?\n",
        ),
        (("--campaign", "Winter"), "No lead matches --campaign Winter.\n"),
    ],
)
def test_a_source_or_campaign_that_is_none_is_told_which_was_meant(
    cli: CommandLine, campaigns: None, options: tuple[str, ...], said: str
) -> None:
    assert cli("lead", "list", "Acme Ltd", *options).stderr == said


def test_the_table_says_where_each_came_from(cli: CommandLine, campaigns: None) -> None:
    lines = cli("lead", "list", "Acme Ltd", "--search", "ada").stdout.splitlines()

    assert lines[0].split()[-2:] == ["SOURCE", "CAMPAIGN"]
    assert lines[1].endswith("google  Spring Sale")


def test_who_looks_for_nothing_is_asked_for_what(cli: CommandLine, acme: Made) -> None:
    done = cli("lead", "list", "Acme Ltd", "--search", " ")

    assert done.exit_code == 2
    assert "say what to look for" in done.stderr


def test_the_list_shows_leads_as_show_does_newest_first(cli: CommandLine, acme: Made) -> None:
    cli.keep(acme["project_id"], *(of(acme["project_id"]) for _ in range(3)))

    listed = cli.json("lead", "list", "Acme Ltd")

    assert [lead["lead_id"] for lead in listed] == [3, 2, 1]
    assert listed[0] == cli.json("lead", "show", "Acme Ltd", "3")


def test_the_table_shows_the_whole_moment_and_address(cli: CommandLine, acme: Made) -> None:
    name = "A rather long name of a person"
    details = LeadDetails(name=name, email="a.rather.long.address@subdomain.example.com")
    cli.keep(acme["project_id"], of(acme["project_id"], details=details))

    line = cli("lead", "list", "Acme Ltd").stdout.splitlines()[1]

    assert "2026-11-23T12:00:00.123Z" in line
    assert name in line
    assert "a.rather.long.address@subdomain.example.com" in line


def test_who_cannot_be_called_back_is_marked(cli: CommandLine, acme: Made) -> None:
    unnamed = LeadDetails(attributes={"message": "hello"})
    cli.keep(
        acme["project_id"],
        of(acme["project_id"], details=unnamed),
        of(acme["project_id"], details=LeadDetails(phone="1")),
    )

    listed = cli.json("lead", "list", "Acme Ltd")

    assert [lead.get("no_contact") for lead in listed] == [None, True]
    assert "(no contact)" in cli("lead", "list", "Acme Ltd").stdout.splitlines()[2]
    assert cli("lead", "export", "Acme Ltd", "--columns", "lead_id,no_contact").stdout == (
        '"lead_id","no_contact"\r\n"1","true"\r\n"2",""\r\n'
    )


def test_the_limit_holds_across_pages(cli: CommandLine, acme: Made) -> None:
    cli.keep(acme["project_id"], *(of(acme["project_id"]) for _ in range(1200)))

    some = cli.json("lead", "list", "Acme Ltd", "--limit", "1100")

    assert [lead["lead_id"] for lead in some] == list(range(1200, 100, -1))
    assert len(cli.json("lead", "list", "Acme Ltd")) == 100
    assert len(cli.json("lead", "list", "Acme Ltd", "--limit", "9" * 30)) == 1200


@pytest.mark.parametrize("limit", ["0", "-1", "abc"])
def test_a_limit_that_is_no_number_from_one_on_is_wrong_usage(
    cli: CommandLine, acme: Made, limit: str
) -> None:
    assert cli("lead", "list", "Acme Ltd", "--limit", limit).exit_code == 2


def test_leads_of_one_channel_can_be_listed(cli: CommandLine, acme: Made) -> None:
    cli.keep(acme["project_id"], of(acme["project_id"]), of(acme["project_id"], channel="whatsapp"))

    def listed(channel: str) -> list[str]:
        leads = cli.json("lead", "list", "Acme Ltd", "--channel", channel)
        return [lead["channel"] for lead in leads]

    assert listed("rest") == ["rest"]
    assert listed("whatsapp") == ["whatsapp"]


@pytest.mark.parametrize(
    ("since", "found"),
    [
        ("2026-11-23", 1),
        ("2026-11-24", 0),
        ("2026-11-23T12:00", 1),
        ("2026-11-23T12:01", 0),
        ("2026-11-23T12:00:00.123", 1),
        ("2026-11-23T12:00:00.124", 0),
        ("2026-11-23T12:00:00.123Z", 1),
        ("2026-11-23T13:00+01:00", 1),
        ("2026-11-23T12:01+01:00", 1),
        ("2026-11-23T11:01-01:00", 0),
        ("0001-01-01T00:00+14:00", 1),
        ("9999-12-31T23:59-14:00", 0),
    ],
)
def test_a_moment_without_an_offset_is_utc(
    cli: CommandLine, acme: Made, since: str, found: int
) -> None:
    cli.keep(acme["project_id"], of(acme["project_id"]))

    assert len(cli.json("lead", "list", "Acme Ltd", "--since", since)) == found


@pytest.mark.parametrize(
    ("until", "found"),
    [
        ("2026-11-22", 0),
        ("2026-11-23", 1),
        ("2026-11-23T12:00", 0),
        ("2026-11-23T12:01", 1),
        ("2026-11-23T13:00+01:00", 0),
        ("0001-01-01T00:00+14:00", 0),
        ("9999-12-31", 1),
    ],
)
def test_until_includes_a_day_and_excludes_a_moment(
    cli: CommandLine, acme: Made, until: str, found: int
) -> None:
    cli.keep(acme["project_id"], of(acme["project_id"]))

    assert len(cli.json("lead", "list", "Acme Ltd", "--until", until)) == found


@pytest.mark.parametrize(
    ("since", "found"),
    [("10m", 1), ("60m", 1), ("24h", 2), ("2d", 3), ("99999d", 3)],
)
def test_since_may_count_back_from_now(
    cli: CommandLine, acme: Made, since: str, found: int
) -> None:
    now = datetime.now(UTC)
    ages = (timedelta(minutes=1), timedelta(hours=2), timedelta(days=1, hours=2))
    captures = [of(acme["project_id"], captured_at=now - age) for age in ages]
    cli.keep(acme["project_id"], *captures)

    assert len(cli.json("lead", "list", "Acme Ltd", "--since", since)) == found


@pytest.mark.parametrize("option", ["--since", "--until"])
@pytest.mark.parametrize(
    "since", ["yesterday", "", "0d", "-1h", "1w", "24", "h", "2026-13-01", "2026-11-23T25:00"]
)
def test_a_moment_that_is_none_is_wrong_usage(
    cli: CommandLine, acme: Made, since: str, option: str
) -> None:
    done = cli("lead", "list", "Acme Ltd", option, since)

    assert done.exit_code == 2
    assert option in done.stderr
