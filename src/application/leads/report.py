"""How many leads came, day by day, and where they came from."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple, TypeVar

from application.ports.clock import Clock
from application.ports.lead_archive import LeadArchive
from domain.leads.sums import OTHERS, Chunk, DayCounts

REMEMBERED_SECONDS = 60.0
"""So old may be what the last days of many projects say, since many people look at it often."""
MOST_SOURCES = 100
"""So many are named by day: senders may invent any number, and each has all days of a report."""
Source = str | None
"""None where it is not known."""
Campaign = tuple[Source, str]
"""A campaign with its source: two sources may have one of the same name."""
_Key = TypeVar("_Key", bound=Hashable)


class Span(NamedTuple):
    """Some days, in UTC, both included."""

    since: date
    until: date

    def days(self) -> Iterator[date]:
        """All of them, the earliest first."""
        for number in range((self.until - self.since).days + 1):
            yield self.since + timedelta(days=number)


@dataclass(frozen=True)
class LeadReport:
    """
    The leads of some days, in UTC, both included.

    It counts what it is asked for, when it is asked for it: very many leads take a moment.

    Attributes:
        counts: Of each chunk those of these days.
    """

    since: date
    until: date
    counts: Sequence[DayCounts]

    @property
    def days(self) -> Sequence[date]:
        """All days, the earliest first."""
        return list(Span(self.since, self.until).days())

    @cached_property
    def leads(self) -> int:
        """All of them."""
        return sum(one.leads for one in self.counts)

    @cached_property
    def by_channel_and_day(self) -> Mapping[str, Mapping[date, int]]:
        """The most frequent first; each with all days, also those without a lead, in order."""
        return self._by_day(lambda one: one.by_channel)

    @cached_property
    def by_source_and_day(self) -> Mapping[Source, Mapping[date, int]]:
        """As `by_channel_and_day`; the rarest of very many are one, `domain.leads.sums.OTHERS`."""
        sources = _ranked(_added(one.by_source for one in self.counts))
        named = frozenset(list(sources)[:MOST_SOURCES])
        return self._by_day(lambda one: _with_others(one.by_source, named))

    @cached_property
    def by_campaign(self) -> Mapping[Campaign, int]:
        """The most frequent first; without those of which no campaign is known."""
        return _ranked(_added(one.by_campaign for one in self.counts))

    def _by_day(
        self, counts_of: Callable[[DayCounts], Mapping[_Key, int]]
    ) -> Mapping[_Key, Mapping[date, int]]:
        found: dict[date, list[Mapping[_Key, int]]] = {day: [] for day in self.days}
        for one in self.counts:
            found[one.day].append(counts_of(one))
        by_day = {day: _added(counts) for day, counts in found.items()}
        ranked = _ranked(_added(by_day.values()))
        return {key: {day: by_day[day].get(key, 0) for day in by_day} for key in ranked}


class _LastDays(NamedTuple):
    """The leads of each day of *span*, as they were at the monotonic time *counted_at*."""

    span: Span
    counted_at: float
    leads: Sequence[int]


class ReportLeads:
    """Count leads by day and origin, from the sums that the store keeps."""

    def __init__(self, archive: LeadArchive, clock: Clock) -> None:
        self._archive = archive
        self._clock = clock
        self._last_days: Mapping[str, _LastDays] = {}

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
        return [LeadReport(*span, list(_between(chunks, span))) for span in spans]

    async def last_days(self, project_ids: Sequence[str], days: int) -> Mapping[str, Sequence[int]]:
        """
        For each of these projects the leads of each of the last *days*, today last, in UTC.

        They may be a minute old.

        Raises:
            StorageUnavailable: The store did not answer; the caller may ask again.
        """
        now, today = self._clock.monotonic(), self._clock.now().date()
        span = Span(today - timedelta(days=days - 1), today)
        known = {
            project_id: one
            for project_id, one in self._last_days.items()
            if one.span == span and now - one.counted_at < REMEMBERED_SECONDS
        }
        if missing := [one for one in project_ids if one not in known]:
            for project_id, chunks in (await self._archive.sums(missing)).items():
                by_day: Counter[date] = Counter()
                for one in _between(chunks, span):
                    by_day[one.day] += one.leads
                leads = [by_day[day] for day in span.days()]
                known[project_id] = _LastDays(span, now, leads)
            self._last_days = known
        return {one: known[one].leads for one in project_ids}


def _with_others(counts: Mapping[Source, int], named: AbstractSet[Source]) -> Mapping[Source, int]:
    """*counts*, in which all that are not *named* are one."""
    others = sum(leads for source, leads in counts.items() if source not in named)
    if not others:
        return counts
    found = {source: leads for source, leads in counts.items() if source in named}
    found[OTHERS] = found.get(OTHERS, 0) + others
    return found


def _between(chunks: Iterable[Chunk], span: Span) -> Iterator[DayCounts]:
    """The counts of these days; whole chunks of other times are skipped."""
    since, until = span
    for chunk in chunks:
        if chunk.sums and chunk.sums[0].day <= until and chunk.sums[-1].day >= since:
            yield from (one for one in chunk.days if since <= one.day <= until)


def _added(counts: Iterable[Mapping[_Key, int]]) -> dict[_Key, int]:
    total: dict[_Key, int] = {}
    for some in counts:
        for key, leads in some.items():
            total[key] = total.get(key, 0) + leads
    return total


def _ranked(counts: Mapping[_Key, int]) -> Mapping[_Key, int]:
    """The most frequent first; those that are as frequent always in the same order."""
    return dict(sorted(counts.items(), key=lambda counted: (-counted[1], repr(counted[0]))))
