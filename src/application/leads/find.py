"""
Leads are looked for, a page at a time, however many there are.

The sums say in which chunks of a project a wanted lead can be; only these are read. What they do
not say, such as a part of a name, is looked for in all of them, the newest first, for as long as
there is time; then the caller says how far back it has looked, and may go on from there.
"""

import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time

from application.ports.clock import Clock
from application.ports.lead_archive import LeadArchive
from domain.lead import Lead
from domain.leads.query import LeadQuery, number_of
from domain.leads.sums import Chunk

PAGE = 500
SECONDS = 0.12
"""So long a page is looked for; then what was found is shown, within 200 ms in all."""
FOR_EVER = float("inf")
SECONDS_TO_TELL = 1.0
"""So often a long search says how far it is."""
FIRST_STRETCH, LONGEST_STRETCH = 2_000, 50_000
"""So many numbers are read in the first question, and at most."""


Run = tuple[int, int]
"""Numbers of leads, from the lowest to the highest."""


@dataclass(slots=True)
class Stretch:
    """
    A run on which somebody goes one way, a few numbers at a time.

    Attributes:
        begin: Behind this number it goes on.
    """

    begin: int
    end: int
    step: int

    @classmethod
    def of(cls, run: Run, *, downwards: bool) -> "Stretch":
        """The whole run."""
        low, high = run
        return cls(high + 1, low, -1) if downwards else cls(low - 1, high, 1)

    @property
    def is_over(self) -> bool:
        """Whether nothing of it is left."""
        return self.begin == self.end

    def end_of(self, size: int) -> int:
        """Where the next so many numbers end."""
        return self.begin + self.step * min(size, abs(self.end - self.begin))


@dataclass(frozen=True, slots=True)
class Found:
    """
    A page of what was looked for.

    Attributes:
        next_after: Behind this number it goes on; None at the end.
        looked_back_to: Where the time was over before the page was full: when the last lead was
            captured that was looked at, aware UTC.
    """

    leads: Sequence[Lead]
    next_after: int | None = None
    looked_back_to: datetime | None = None


@dataclass(slots=True)
class _Look:
    """
    One page while it is being looked for.

    Attributes:
        wanted: So many leads; one more than the page has, to know whether there are more.
        alone: The lead whose number is looked for. It stands before all others, so that nobody
            reads a million leads for it, and is left out on the way.
        has_looked: Every page looks at some, so that whoever goes on gets on.
        looked_up_to: All numbers up to this one have been looked at.
    """

    query: LeadQuery
    wanted: int
    until: float
    alone: int | None
    found: list[Lead] = field(default_factory=list)
    has_looked: bool = False
    looked_up_to: int | None = None

    def add(self, leads: Sequence[Lead]) -> None:
        self.has_looked = True
        self.found += [
            lead for lead in leads if lead.lead_id != self.alone and self.query.finds_in(lead)
        ]

    @property
    def is_full(self) -> bool:
        return len(self.found) >= self.wanted


class FindLeads:
    """Look for leads; the module says how."""

    def __init__(self, archive: LeadArchive, clock: Clock) -> None:
        self._archive = archive
        self._clock = clock

    async def page(
        self, query: LeadQuery, *, after: int | None, limit: int, seconds: float = SECONDS
    ) -> Found:
        """
        At most *limit* leads beyond the `lead_id` *after*, in the order of the query.

        Pages never skip or repeat a lead that was there when the first one was asked for. The lead
        whose number is the text that is looked for is the first of all.

        Raises:
            StorageUnavailable: The store did not answer; the caller may ask again.
        """
        until = self._clock.monotonic() + seconds
        first = await self._of_number(query)
        begin = [first] if first and after is None else []
        look = _Look(query, limit + 1 - len(begin), until, first.lead_id if first else None)
        is_over = await self._look(look, after)
        leads = [*begin, *look.found]
        if len(leads) > limit:
            shown = leads[len(begin) : limit]
            # With nothing beside the one whose number is looked for: before all others.
            before_all = look.found[0].lead_id + (1 if query.newest_first else -1)
            return Found(leads[:limit], shown[-1].lead_id if shown else before_all)
        if is_over and look.looked_up_to is not None:
            back_to = await self._captured_at(query, look.looked_up_to)
            return Found(leads, look.looked_up_to, back_to)
        return Found(leads)

    async def all(
        self,
        query: LeadQuery,
        *,
        limit: int = sys.maxsize,
        looked: Callable[[datetime], None] | None = None,
    ) -> AsyncIterator[Lead]:
        """
        The leads of *query* in its order, at most *limit*; one page of them is in memory at a time.

        Leads that come or are joined meanwhile may be among them or not; no other is missing, and
        none is there twice. While it takes long to find some, *looked* is called about each second
        with the moment, in aware UTC, at which the last lead was captured that was looked at.

        Raises:
            StorageUnavailable: On the way; the caller may begin again.
        """
        seconds = FOR_EVER if looked is None else SECONDS_TO_TELL
        after: int | None = None
        while limit > 0:
            size = min(PAGE, limit)
            page = await self.page(query, after=after, limit=size, seconds=seconds)
            for lead in page.leads:
                yield lead
            limit -= len(page.leads)
            if looked is not None and page.looked_back_to is not None:
                looked(page.looked_back_to)
            after = page.next_after
            if after is None:
                return

    async def count(self, query: LeadQuery) -> int | None:
        """How many there are; None where leads would have to be read to know."""
        moments = [moment for moment in (query.since, query.until) if moment is not None]
        if query.looks_inside or any(moment.time() != time() for moment in moments):
            return None
        count = 0
        for chunk in filter(query.may_be_in, await self._chunks(query)):
            for one in query.sums_in(chunk):
                if not query.counts(one):
                    return None
                count += one.leads
        return count

    async def _of_number(self, query: LeadQuery) -> Lead | None:
        """The lead whose number is the text that is looked for, if the query wants it."""
        number = None if query.text is None else number_of(query.text)
        if number is None:
            return None
        lead = await self._archive.get(query.project_id, number)
        if lead is None:
            return None
        number = lead.lead_id if lead.joined_into is None else lead.joined_into
        others = replace(query, text=None, newest_first=False)
        found = await self._archive.page(others, after=number - 1, limit=1, up_to=number)
        return found[0] if found and others.finds_in(found[0]) else None

    async def _look(self, look: _Look, after: int | None) -> bool:
        """Look until the page is full, the leads are over, or the time is; whether it is that."""
        query = look.query
        if not query.is_filtered:
            look.add(await self._archive.page(query, after=after, limit=look.wanted))
            return False
        size = FIRST_STRETCH
        for run in _runs(await self._chunks(query), query, after):
            stretch = Stretch.of(run, downwards=query.newest_first)
            while not stretch.is_over:
                began = self._clock.monotonic()
                if look.has_looked and began >= look.until:
                    look.looked_up_to = stretch.begin
                    return True
                end = stretch.end_of(size)
                wanted = look.wanted - len(look.found)
                leads = await self._archive.page(
                    query, after=stretch.begin, limit=wanted, up_to=end
                )
                look.add(leads)
                if look.is_full:
                    return False
                stretch.begin = leads[-1].lead_id if len(leads) == wanted else end
                size = _next_size(size, began, self._clock.monotonic(), look.until)
        return False

    async def _chunks(self, query: LeadQuery) -> Sequence[Chunk]:
        return (await self._archive.sums([query.project_id]))[query.project_id]

    async def _captured_at(self, query: LeadQuery, looked_up_to: int) -> datetime | None:
        """When the last lead was captured that was looked at."""
        back = LeadQuery(project_id=query.project_id, newest_first=not query.newest_first)
        before = looked_up_to - 1 if query.newest_first else looked_up_to + 1
        nearest = await self._archive.page(back, after=before, limit=1)
        return nearest[0].captured_at if nearest else None


def _next_size(size: int, began: float, now: float, until: float) -> int:
    """How many numbers are read next: more and more, but no more than there is time for."""
    took = now - began
    in_time = size * (until - now) / took if 0 < took < until - began else size
    return int(max(min(2 * size, in_time, LONGEST_STRETCH), FIRST_STRETCH))


def _runs(
    chunks: Sequence[Chunk], query: LeadQuery, after: int | None
) -> Iterator[tuple[int, int]]:
    """The numbers of chunks that are beside one another and may have a wanted lead."""
    run: tuple[int, int] | None = None
    for chunk in reversed(chunks) if query.newest_first else chunks:
        low, high = chunk.first, chunk.last
        if after is not None and query.newest_first:
            high = min(high, after - 1)
        elif after is not None:
            low = max(low, after + 1)
        if low > high or not query.may_be_in(chunk):
            continue
        if run and (high + 1 == run[0] or run[1] + 1 == low):
            run = min(low, run[0]), max(high, run[1])
        else:
            if run:
                yield run
            run = low, high
    if run:
        yield run
