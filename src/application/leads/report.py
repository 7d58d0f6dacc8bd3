"""How many leads came, day by day, and where they came from."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple, TypeVar

from application.ports.clock import Clock
from application.ports.lead_archive import LeadArchive
from domain.leads.sums import Chunk, Sum

Source = str | None
"""None where it is not known."""
Campaign = tuple[Source, str | None]
"""A campaign with its source: two sources may have one of the same name."""
_Key = TypeVar("_Key", bound=Hashable)
_Kind = tuple[str, Source, str | None]
"""Channel, source and campaign."""


class Span(NamedTuple):
    """Some days, in UTC, both included."""

    since: date
    until: date

    def days(self) -> Iterator[date]:
        """All of them, the earliest first."""
        for number in range((self.until - self.since).days + 1):
            yield self.since + timedelta(days=number)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadReport:
    """
    The leads of some days, in UTC, both included.

    Attributes:
        leads: All of them.
        by_channel_and_day, by_source_and_day: The most frequent first; each with all days, also
            those without a lead, in their order. One of the sources may be `domain.leads.sums`'
            `OTHERS`.
        by_campaign: The most frequent first; without those of which no campaign is known.
    """

    since: date
    until: date
    leads: int
    by_channel_and_day: Mapping[str, Mapping[date, int]]
    by_source_and_day: Mapping[Source, Mapping[date, int]]
    by_campaign: Mapping[Campaign, int]

    @property
    def days(self) -> Sequence[date]:
        """All days, the earliest first."""
        return list(Span(self.since, self.until).days())


class ReportLeads:
    """Count leads by day and origin, from the sums that the store keeps."""

    def __init__(self, archive: LeadArchive, clock: Clock) -> None:
        self._archive = archive
        self._clock = clock

    async def __call__(self, project_id: str, since: date, until: date) -> LeadReport:
        """
        The report of these days, both included.

        Raises:
            StorageUnavailable: The store did not answer; the caller may ask again.
        """
        [report] = await self.of_spans(project_id, [Span(since, until)])
        return report

    async def of_spans(self, project_id: str, spans: Sequence[Span]) -> Sequence[LeadReport]:
        """
        The report of each of *spans*, in their order; the store is asked once for all of them.

        Raises:
            StorageUnavailable: The store did not answer; the caller may ask again.
        """
        chunks = (await self._archive.sums([project_id]))[project_id]
        longest = Span(min(one.since for one in spans), max(one.until for one in spans))
        by_day: dict[date, Counter[_Kind]] = defaultdict(Counter)
        for one in _between(chunks, longest):
            by_day[one.day][one.channel, one.source, one.campaign] += one.leads
        return [_report(span, by_day) for span in spans]

    async def last_days(self, project_ids: Sequence[str], days: int) -> Mapping[str, Sequence[int]]:
        """For each of these projects the leads of each of the last *days*, today last, in UTC."""
        today = self._clock.now().date()
        span = Span(today - timedelta(days=days - 1), today)
        found: dict[str, Sequence[int]] = {}
        for project_id, chunks in (await self._archive.sums(project_ids)).items():
            counts: Counter[date] = Counter()
            for one in _between(chunks, span):
                counts[one.day] += one.leads
            found[project_id] = [counts[day] for day in span.days()]
        return found


def _between(chunks: Iterable[Chunk], span: Span) -> Iterator[Sum]:
    """The sums of these days; whole chunks of other times are skipped."""
    since, until = span
    for chunk in chunks:
        if chunk.sums and chunk.sums[0].day <= until and chunk.sums[-1].day >= since:
            yield from (one for one in chunk.sums if since <= one.day <= until)


def _report(span: Span, by_day: Mapping[date, Counter[_Kind]]) -> LeadReport:
    days = list(span.days())
    channels: Counter[tuple[str, date]] = Counter()
    sources: Counter[tuple[Source, date]] = Counter()
    campaigns: Counter[Campaign] = Counter()
    for day in by_day.keys() & days:
        for (channel, source, campaign), leads in by_day[day].items():
            channels[channel, day] += leads
            sources[source, day] += leads
            if campaign is not None:
                campaigns[source, campaign] += leads
    return LeadReport(
        since=span.since,
        until=span.until,
        leads=channels.total(),
        by_channel_and_day=_by_day(channels, days),
        by_source_and_day=_by_day(sources, days),
        by_campaign=dict(sorted(campaigns.items(), key=_rank)),
    )


def _by_day(
    counts: Counter[tuple[_Key, date]], days: Sequence[date]
) -> Mapping[_Key, Mapping[date, int]]:
    totals: Counter[_Key] = Counter()
    for (key, _), leads in counts.items():
        totals[key] += leads
    ranked = sorted(totals.items(), key=_rank)
    return {key: {day: counts[key, day] for day in days} for key, _ in ranked}


def _rank(counted: tuple[Hashable, int]) -> tuple[int, str]:
    """The most frequent first; those that are as frequent always in the same order."""
    key, leads = counted
    return -leads, repr(key)
