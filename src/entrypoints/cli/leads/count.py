"""`swiftcrm lead count`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from application.leads.report import LeadReport, Span
from entrypoints.cli.failures import NewContainer, run
from entrypoints.cli.options import ProjectName, moment_of
from entrypoints.cli.output import AsJson, hint, print_facts, print_json, print_table

if TYPE_CHECKING:
    from entrypoints.container import Container

DAYS = 30
"""So many days are counted if nobody says which, today among them."""
MOST_AWAY = timedelta(days=3_653)
"""Ten years."""
_DAY = timedelta(days=1)
UNKNOWN = "(unknown)"
"""Stands for a source that is not known."""
_Row: TypeAlias = tuple[str | int | None, ...]
"""What has so many leads, and how many; None where it is not known."""


class By(StrEnum):
    """What is counted apart."""

    DAY = "day"
    CHANNEL = "channel"
    SOURCE = "source"
    CAMPAIGN = "campaign"


_By = Annotated[
    By | None,
    typer.Option(
        "--by",
        case_sensitive=False,
        help="Count those of each day, channel, source or campaign apart, the most first.",
    ),
]
_Since = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="D",
        help=f"The first day, in UTC: 2026-11-01, or how long ago: 7d. Else the last {DAYS} days.",
    ),
]
_Until = Annotated[
    str | None,
    typer.Option("--until", metavar="D", help="The last day, which is included. Else today."),
]


def add_count(commands: typer.Typer, new_container: NewContainer) -> None:
    """Add the command."""

    @commands.command("count")
    def count_leads(
        project: ProjectName,
        by: _By = None,
        since: _Since = None,
        until: _Until = None,
        as_json: AsJson = False,
    ) -> None:
        """
        Count the leads of a project, by day or by where they came from.

        A campaign is counted with its source. `before` is how many came in as many days
        before.

        \b
        swiftcrm lead count "Acme Ltd" --since 7d --by campaign
        swiftcrm lead count "Acme Ltd" --since 2026-11-01 --until 2026-11-30 --by day
        """
        days = _days(since, until)

        async def use(container: "Container") -> Sequence[LeadReport]:
            found = await container.find_project()(project)
            return await container.report_leads().of_spans(found.project_id, (days, _before(days)))

        report, before = run(new_container, use)
        facts = {
            "since": report.since.isoformat(),
            "until": report.until.isoformat(),
            "leads": report.leads,
            "before": before.leads,
        }
        if by is None:
            print_json(facts) if as_json else print_facts(facts)
            return
        heads, rows = (*_HEADS[by], "leads"), list(_ROWS[by](report))
        if as_json:
            counts = [dict(zip(heads, row, strict=True)) for row in rows]
            print_json(facts | {"by": by, "counts": counts})
            return
        shown = [[UNKNOWN if value is None else value for value in row] for row in rows]
        print_table([head.upper() for head in heads], shown)
        hint(
            f"{report.leads:,} from {days.since} to {days.until},"
            f" {before.leads:,} in as many days before."
        )


def _days(since: str | None, until: str | None) -> Span:
    """
    The first and the last day, in UTC.

    Raises:
        typer.BadParameter: One is none, or too far away, or they are in the wrong order.
    """
    end = moment_of(until, "--until")
    last = (end or datetime.now(UTC)).date()
    begin = moment_of(since)
    first = begin.date() if begin else last - timedelta(days=DAYS - 1)
    if first > last:
        raise typer.BadParameter(f"{first} is after {last}.", param_hint="--since")
    today = datetime.now(UTC).date()
    if abs(first - today) > MOST_AWAY or abs(last - today) > MOST_AWAY:
        raise typer.BadParameter("give days that are within ten years of today.")
    return Span(first, last)


def _before(days: Span) -> Span:
    """As many days before."""
    return Span(days.since - (days.until - days.since) - _DAY, days.since - _DAY)


def _by_day(report: LeadReport) -> Iterator[_Row]:
    for day in report.days:
        in_all = sum(counts[day] for counts in report.by_channel_and_day.values())
        yield day.isoformat(), in_all


def _by_channel(report: LeadReport) -> Iterator[_Row]:
    for channel, counts in report.by_channel_and_day.items():
        yield channel, sum(counts.values())


def _by_source(report: LeadReport) -> Iterator[_Row]:
    for source, counts in report.by_source_and_day.items():
        yield source, sum(counts.values())


def _by_campaign(report: LeadReport) -> Iterator[_Row]:
    for (source, campaign), leads in report.by_campaign.items():
        yield source, campaign, leads


_HEADS: Mapping[By, Sequence[str]] = {
    By.DAY: ("day",),
    By.CHANNEL: ("channel",),
    By.SOURCE: ("source",),
    By.CAMPAIGN: ("source", "campaign"),
}
_ROWS: Mapping[By, Callable[[LeadReport], Iterator[_Row]]] = {
    By.DAY: _by_day,
    By.CHANNEL: _by_channel,
    By.SOURCE: _by_source,
    By.CAMPAIGN: _by_campaign,
}
