"""`swiftcrm lead count`."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.lead import LeadDetails
from tests.entrypoints.cli.command_line import CommandLine, of
from tests.support.builders import NOW

DAYS = ("--since", "2026-11-22", "--until", "2026-11-23")
Made = dict[str, Any]


@pytest.fixture
def counted(cli: CommandLine, acme: Made) -> None:
    """Three leads on the 23rd, and one on the 21st."""
    project_id, spring = acme["project_id"], {"utm_source": "google", "utm_campaign": "Spring"}
    cli.keep(
        project_id,
        of(project_id, captured_at=NOW - timedelta(days=2)),
        of(project_id, channel="whatsapp"),
        of(project_id, details=LeadDetails(utm=spring)),
        of(project_id, details=LeadDetails(utm={"utm_source": "google"})),
    )


def test_the_leads_of_days_are_counted_and_those_of_as_many_days_before(
    cli: CommandLine, counted: None
) -> None:
    assert cli.json("lead", "count", "Acme Ltd", *DAYS) == {
        "since": "2026-11-22",
        "until": "2026-11-23",
        "leads": 3,
        "before": 1,
    }
    assert cli("lead", "count", "Acme Ltd", *DAYS).stdout.split()[-4:] == [
        "leads",
        "3",
        "before",
        "1",
    ]


@pytest.mark.parametrize(
    ("by", "counts"),
    [
        ("day", [{"day": "2026-11-22", "leads": 0}, {"day": "2026-11-23", "leads": 3}]),
        ("channel", [{"channel": "rest", "leads": 2}, {"channel": "whatsapp", "leads": 1}]),
        ("source", [{"source": "google", "leads": 2}, {"source": None, "leads": 1}]),
        ("campaign", [{"source": "google", "campaign": "Spring", "leads": 1}]),
    ],
)
def test_they_are_counted_apart(
    cli: CommandLine, counted: None, by: str, counts: list[dict[str, Any]]
) -> None:
    counted_by = cli.json("lead", "count", "Acme Ltd", *DAYS, "--by", by)

    assert counted_by["by"] == by
    assert counted_by["counts"] == counts


def test_a_person_reads_a_table_and_the_sum(cli: CommandLine, counted: None) -> None:
    done = cli("lead", "count", "Acme Ltd", *DAYS, "--by", "source")

    assert [line.split() for line in done.stdout.splitlines()] == [
        ["SOURCE", "LEADS"],
        ["google", "2"],
        ["(unknown)", "1"],
    ]
    assert done.stderr == "3 from 2026-11-22 to 2026-11-23, 1 in as many days before.\n"


def test_the_last_thirty_days_are_counted_if_nobody_says_which(
    cli: CommandLine, acme: Made
) -> None:
    today = datetime.now(UTC)
    cli.keep(
        acme["project_id"],
        *(of(acme["project_id"], captured_at=today - timedelta(days=days)) for days in (0, 29, 31)),
    )

    counted = cli.json("lead", "count", "Acme Ltd")

    first, last = (date.fromisoformat(counted[name]) for name in ("since", "until"))
    assert last - first == timedelta(days=29)
    assert (counted["leads"], counted["before"]) == (2, 1)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--since", "2026-11-24", "--until", "2026-11-23"), "2026-11-24 is after 2026-11-23"),
        (("--since", "0001-01-01", "--until", "0001-01-02"), "within ten years of today"),
        (("--until", "9999-12-31"), "within ten years of today"),
        (("--since", "soon"), "--since"),
        (("--until", "soon"), "--until"),
        (("--by", "week"), "'day', 'channel', 'source', 'campaign'"),
    ],
)
def test_what_cannot_be_counted_is_wrong_usage(
    cli: CommandLine, acme: Made, options: tuple[str, ...], said: str
) -> None:
    done = cli("lead", "count", "Acme Ltd", *options)

    assert (done.exit_code, done.stdout) == (2, "")
    assert said in " ".join(done.stderr.split())
