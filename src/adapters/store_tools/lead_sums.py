"""
Sums of leads, as stores count, keep and remember them.

Leads are counted in chunks of some thousand numbers. What is counted of a chunk that gets no new
leads any more stays true until one of its leads is changed. So it is counted once, kept in the
store and remembered by the process; how a store notices the change is its own matter.
"""

from collections import Counter, OrderedDict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Generic, TypeVar

import orjson

from domain.leads.sums import OTHERS, Chunk, Sum

CHUNK = 5_000
MOST_SOURCES, MOST_ORIGINS = 200, 1_000
"""
So many sources, and pairs of source and campaign, are named in a chunk: the most frequent, and of
those the newest. A sender may give each of its leads a campaign of its own, or a source.

Days and channels do not matter for that: a small project has few leads on each of many days, and
all of its campaigns are named. One with more than that is still counted right by day and channel,
and by source as far as its sources are named.
"""
MOST_REMEMBERED = 1_000_000
"""So many sums of all projects a process remembers; then it forgets the projects used least."""
_EPOCH = date(1970, 1, 1)

Row = tuple[int, str, str | None, str | None, int]
"""Days since 1970 in UTC, channel, source, campaign, and how many leads."""
_Version = TypeVar("_Version")
_Key = TypeVar("_Key", bound=Hashable)
Remembered = Mapping[int, tuple[_Version, Chunk]]
"""Chunks by their numbers, each with the version that it is of."""


def chunk_of(lead_id: int) -> int:
    """In which chunk a lead is; the first is 0."""
    return (lead_id - 1) // CHUNK


def numbers_of(chunk: int) -> tuple[int, int]:
    """The first and the last number that a lead of *chunk* can have."""
    return chunk * CHUNK + 1, (chunk + 1) * CHUNK


def summed(chunk: int, rows: Sequence[Row]) -> Chunk:
    """The sums of a chunk, of which each row has one; the rarest of very many are put together."""
    sources = _named(((row[2], row) for row in rows), MOST_SOURCES)
    origins = _named(((row[2:4], row) for row in rows), MOST_ORIGINS)
    sums: Counter[tuple[int, str, str | None, str | None]] = Counter()
    for day, channel, source, campaign, leads in rows:
        if source not in sources:
            source, campaign = OTHERS, OTHERS  # noqa: PLW2901  as it is counted
        elif (source, campaign) not in origins:
            campaign = OTHERS  # noqa: PLW2901  as it is counted
        sums[day, channel, source, campaign] += leads
    return Chunk(*numbers_of(chunk), [_sum(*key, sums[key]) for key in sorted(sums, key=_day_of)])


def _named(rows: Iterable[tuple[_Key, Row]], most: int) -> AbstractSet[_Key]:
    """The keys that the most leads have; of those that as many have, the newest."""
    leads: Counter[_Key] = Counter()
    newest: dict[_Key, int] = {}
    for key, (day, *_, count) in rows:
        leads[key] += count
        newest[key] = max(day, newest.get(key, day))
    if len(leads) <= most:
        return leads.keys()
    return set(sorted(leads, key=lambda key: (-leads[key], -newest[key]))[:most])


def _day_of(key: tuple[int, str, str | None, str | None]) -> int:
    return key[0]


def to_json(chunk: Chunk) -> str:
    """As a text that a store keeps."""
    return orjson.dumps([[(one.day - _EPOCH).days, *one[1:]] for one in chunk.sums]).decode()


def from_json(chunk: int, text: str) -> Chunk:
    """What `to_json` gave."""
    return Chunk(*numbers_of(chunk), [_sum(*one) for one in orjson.loads(text)])


def _sum(day: int, channel: str, source: str | None, campaign: str | None, leads: int) -> Sum:
    return Sum(_day(day), channel, source, campaign, leads)


@lru_cache(maxsize=4096)
def _day(number: int) -> date:
    """One object for each day, however many sums it has."""
    return _EPOCH + timedelta(days=number)


@dataclass(slots=True)
class Memory(Generic[_Version]):
    """
    The chunks that a process remembers, by project and number, each with the version it was of.

    A chunk is true as long as the store says the same version of it.
    """

    _projects: "OrderedDict[str, dict[int, tuple[_Version, Chunk]]]" = field(
        default_factory=OrderedDict
    )
    _count: int = 0

    def knows(self, project_id: str) -> bool:
        """Whether anything is remembered of the project."""
        return project_id in self._projects

    def of(self, project_id: str) -> "Remembered[_Version]":
        """
        What is remembered of the project now, with the version of each chunk.

        Whoever looks takes it once, at the beginning: while it waits for the store, another look
        may let the project be forgotten.
        """
        return dict(self._projects.get(project_id, {}))

    def remember(self, project_id: str, chunks: "Remembered[_Version]") -> None:
        """Remember these too, and of other projects no more than there is room for."""
        known = self._projects.setdefault(project_id, {})
        self._projects.move_to_end(project_id)
        for number, (_, chunk) in chunks.items():
            if number in known:
                self._count -= len(known[number][1].sums)
            self._count += len(chunk.sums)
        known |= chunks
        while self._count > MOST_REMEMBERED and len(self._projects) > 1:
            _, forgotten = self._projects.popitem(last=False)
            self._count -= sum(len(chunk.sums) for _, chunk in forgotten.values())


def ranges_of(chunks: Sequence[int]) -> Sequence[tuple[int, int]]:
    """The numbers of *chunks*, ascending, those beside one another together."""
    ranges: list[tuple[int, int]] = []
    for first, last in map(numbers_of, chunks):
        if ranges and ranges[-1][1] + 1 == first:
            ranges[-1] = ranges[-1][0], last
        else:
            ranges.append((first, last))
    return ranges
