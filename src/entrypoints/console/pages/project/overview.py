"""The first page of a project: how many leads came, and from where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import accumulate, chain
from typing import NamedTuple
from urllib.parse import urlencode

from sanic import HTTPResponse

from application.leads.report import LeadReport, ReportLeads, Span
from application.ports.lead_archive import LeadArchive
from domain.leads.sums import OTHERS
from domain.plan import Month
from entrypoints.console import pictures, spans, words
from entrypoints.console.frame import times
from entrypoints.console.frame.visit import Visit
from entrypoints.console.leads.filters import NOT_KNOWN
from entrypoints.console.pages.leads.leads import few_newest

SOURCE, CHANNEL = "source", "channel"
KINDS = ((SOURCE, "By source"), (CHANNEL, "By channel"))
"""What a colour stands for: in the address, and in the words of the link to it."""
MOST_ROWS = 20
"""So many sources and campaigns are listed, so that the page stays light."""
MOST_BYTES = 6_000
"""So much their names and addresses may weigh: a letter may have twelve bytes in an address."""
FIRST_ROWS = 10
"""So many of them are seen at once."""


class Link(NamedTuple):
    """A link to this page in another way, below the console."""

    words: str
    path: str
    is_current: bool


class Row(NamedTuple):
    """
    A source or a campaign with its leads.

    Attributes:
        share: Which part they are of all, in words.
        path: To these leads, below the console; None where they are of several.
        source: Of a campaign, where it ran.
    """

    name: str
    leads: int
    share: str
    path: str | None
    source: str | None = None

    @property
    def weight(self) -> int:
        """How many bytes of the page are what senders wrote."""
        return len(escape(f"{self.path}{self.name}{self.source}").encode())


@dataclass(frozen=True, slots=True)
class _Reports:
    """The report of the days that are shown, of those before them, and of days that are fixed."""

    shown: LeadReport
    before: LeadReport
    week: LeadReport
    week_before: LeadReport
    month: LeadReport
    quarter: LeadReport

    @classmethod
    def spans(cls, shown: Span, today: date) -> Sequence[Span]:
        """The days of each, in their order."""
        week = spans.last(spans.WEEK)(today)
        return (
            shown,
            spans.before(shown),
            week,
            spans.before(week),
            spans.last(30)(today),
            spans.last(90)(today),
        )

    def colours(self, by: str) -> Mapping[str | None, int]:
        """Of the largest in the last 7, 30 or 90 days: the same, whichever days are shown."""
        largest: dict[str | None, float] = {}
        for report in (self.week, self.month, self.quarter):
            for key, by_day in _by_day(report, by).items():
                part = sum(by_day.values()) / report.leads
                largest[key] = max(largest.get(key, 0), part)
        ranked = sorted(largest, key=lambda key: (-largest[key], key or ""))
        named = (key for key in chain(ranked, _by_day(self.shown, by)) if key != OTHERS)
        return pictures.colours(named)

    def picture(self, by: str, today: date) -> pictures.Bars:
        """A bar for each of the days that are shown."""
        days, counts = self.shown.days, _by_day(self.shown, by)
        name_of = source_name if by == SOURCE else _channel_name
        return pictures.bars(days, counts, self.colours(by), name_of, today)


class OverviewPage:
    """A project at a glance, and what to do first while it has no lead."""

    def __init__(self, report: ReportLeads, archive: LeadArchive) -> None:
        self._report = report
        self._archive = archive

    async def show(self, visit: Visit) -> HTTPResponse:
        """Its numbers, a picture of the days that the address names, and the newest leads."""
        today = visit.frame.clock.now().date()
        since, until = visit.query("from"), visit.query("to")
        chosen = spans.chosen(since, until, today)
        span = chosen or spans.USUAL.of(today)
        by = CHANNEL if visit.query("by") == CHANNEL else SOURCE
        overview = visit.overview
        project_id = visit.project.project_id
        reports = _Reports(*await self._report.of_spans(project_id, _Reports.spans(span, today)))
        links = Links(f"/projects/{project_id}", span, by, today)
        when = spans.named(span, today)
        return visit.page(
            "overview.html",
            overview=overview,
            places_before=await self._places(project_id, overview.month.before()),
            reports=reports,
            title=spans.compared(reports.shown.leads, reports.before.leads, when),
            has_odd_days=chosen is None and bool(since or until),
            most_days=spans.LONGEST,
            dates=times.days_in_words(span.since, span.until, today),
            picture=reports.picture(by, today),
            links=links,
            sources=links.sources(reports.shown),
            campaigns=links.campaigns(reports.shown),
            first_rows=FIRST_ROWS,
            rows=await few_newest(self._archive, visit),
        )

    async def _places(self, project_id: str, month: Month) -> int:
        """What the places of this month are compared with: a lead may be older than its place."""
        return (await self._archive.usage([project_id], month))[project_id].places_taken


@dataclass(frozen=True, slots=True)
class Links:
    """From this page to itself in another way, and to the leads that it counts."""

    path: str
    span: Span
    by: str
    today: date

    def spans(self) -> Sequence[Link]:
        """To other days."""
        current = spans.named(self.span, self.today)
        return [
            Link(one.name, self._to(one.of(self.today), self.by), one is current)
            for one in spans.NAMED
        ]

    def kinds(self) -> Sequence[Link]:
        """To the same days by something else."""
        return [Link(name, self._to(self.span, by), by == self.by) for by, name in KINDS]

    def sources(self, report: LeadReport) -> Sequence[Row]:
        """The sources of *report*, the most frequent first."""
        leads = {one: sum(by_day.values()) for one, by_day in report.by_source_and_day.items()}
        others = leads.pop(OTHERS, 0)
        rows = [
            Row(source_name(one), count, share(count, report.leads), self._leads(source=one))
            for one, count in leads.items()
        ]
        return _first(rows, report.leads, others)

    def campaigns(self, report: LeadReport) -> Sequence[Row]:
        """
        The campaigns of *report*, the most frequent first, each with its source.

        Those that have no name here may be of several sources, and are one row.
        """
        others = sum(count for (_, name), count in report.by_campaign.items() if name == OTHERS)
        rows = [
            Row(
                name,
                count,
                share(count, report.leads),
                self._leads(source=source, campaign=name),
                source_name(source),
            )
            for (source, name), count in report.by_campaign.items()
            if name != OTHERS
        ]
        return _first(rows, report.leads, others)

    def _to(self, span: Span, by: str) -> str:
        query: dict[str, str] = {}
        if span != spans.USUAL.of(self.today):
            query |= _days(span)
        if by != SOURCE:
            query["by"] = by
        return self.path + (f"?{urlencode(query)}" if query else "")

    def _leads(self, **origin: str | None) -> str:
        query = {name: value or NOT_KNOWN for name, value in origin.items()} | _days(self.span)
        return f"{self.path}/leads?{urlencode(query)}"


def source_name(source: str | None) -> str:
    """What a person calls it."""
    return source or NOT_KNOWN.capitalize()


def _channel_name(channel: str | None) -> str:
    return words.channel_name(channel or "")


def _by_day(report: LeadReport, by: str) -> Mapping[str | None, Mapping[date, int]]:
    if by == SOURCE:
        return report.by_source_and_day
    return dict(report.by_channel_and_day.items())


def _days(span: Span) -> dict[str, str]:
    return {"from": span.since.isoformat(), "to": span.until.isoformat()}


def share(leads: int, of_all: int) -> str:
    """`12 %`; what is not nothing is at least `< 1 %`, and what is not all at most `99 %`."""
    percent = round(100 * leads / of_all)
    if leads < of_all:
        percent = min(percent, 99)
    return f"{percent}\N{NO-BREAK SPACE}%" if percent else "<\N{NO-BREAK SPACE}1\N{NO-BREAK SPACE}%"


def _first(rows: Sequence[Row], of_all: int, others: int) -> Sequence[Row]:
    """As many as the page may have; what all others have together is the last."""
    weights = accumulate(row.weight for row in rows[:MOST_ROWS])
    first = rows[: sum(weight <= MOST_BYTES for weight in weights)]
    others += sum(row.leads for row in rows[len(first) :])
    last = [Row("Others", others, share(others, of_all), None)] if others else []
    return [*first, *last]
