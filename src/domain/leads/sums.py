"""How many leads there are, by day and by where they came from."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

OTHERS = "(others)"
"""Stands for the campaigns of a source that are too many to be named, and for such sources."""


class Sum(NamedTuple):
    """
    So many leads of a project that have this in common.

    Leads that are joined into others are not counted: they are in what they are joined into.

    Attributes:
        day: On which they were captured, in UTC.
        source, campaign: As `domain.leads.origin` names them, or `OTHERS`; None where it is not
            known.
    """

    day: date
    channel: str
    source: str | None
    campaign: str | None
    leads: int


@dataclass(slots=True)
class DayCounts:
    """How many leads of a chunk came on a day, in all and by where they came from."""

    day: date
    leads: int = 0
    by_channel: dict[str, int] = field(default_factory=dict)
    by_source: dict[str | None, int] = field(default_factory=dict)
    by_campaign: dict[tuple[str | None, str], int] = field(default_factory=dict)
    """A campaign with its source; without those of which no campaign is known."""

    def add(self, one: Sum) -> None:
        """Count the leads of *one*, too."""
        self.leads += one.leads
        self.by_channel[one.channel] = self.by_channel.get(one.channel, 0) + one.leads
        self.by_source[one.source] = self.by_source.get(one.source, 0) + one.leads
        if one.campaign is not None:
            campaign = one.source, one.campaign
            self.by_campaign[campaign] = self.by_campaign.get(campaign, 0) + one.leads


@dataclass(frozen=True)
class Chunk:
    """
    The sums of the leads whose numbers are *first* to *last*.

    A lead that is wanted can only be in a chunk that has a sum for it. The sums of the earliest day
    come first.
    """

    first: int
    last: int
    sums: Sequence[Sum]

    @cached_property
    def sources(self) -> AbstractSet[str | None]:
        """All sources that are named."""
        return {one.source for one in self.sums}

    @cached_property
    def campaigns(self) -> AbstractSet[str | None]:
        """All campaigns that are named."""
        return {one.campaign for one in self.sums}

    @cached_property
    def days(self) -> Sequence[DayCounts]:
        """
        Its sums by day, the earliest first.

        A process remembers chunks and is asked for days of a thousand of them at once: each is
        counted once.
        """
        days: dict[date, DayCounts] = {}
        for one in self.sums:
            if one.day not in days:
                days[one.day] = DayCounts(one.day)
            days[one.day].add(one)
        return list(days.values())
