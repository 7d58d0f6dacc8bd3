"""The month that a plan counts by, and what a project has of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import ceil


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month in UTC."""

    year: int
    number: int

    @classmethod
    def of(cls, moment: datetime) -> "Month":
        """The month in which *moment* (aware) lies."""
        utc = moment.astimezone(UTC)
        return cls(utc.year, utc.month)

    def next(self) -> "Month":
        """The month after this one."""
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    def before(self) -> "Month":
        """The month before this one."""
        return Month(self.year - (self.number == 1), (self.number - 2) % 12 + 1)

    def begins_at(self) -> datetime:
        """Its first moment, aware UTC."""
        return datetime(self.year, self.number, 1, tzinfo=UTC)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """
    What a project has at a glance.

    Attributes:
        places_taken: How many leads count in the month.
        held_by_code: How many calls wait, of this month or earlier ones, by the code under which
            they are held; none of those under which nothing is.
        last_lead_at: When the lead with the highest number was captured, aware UTC; None for none.
    """

    places_taken: int = 0
    held_by_code: Mapping[str, int] = field(default_factory=dict)
    last_lead_at: datetime | None = None

    @property
    def held(self) -> int:
        """How many calls wait in all."""
        return sum(self.held_by_code.values())

    def fills(self, monthly_limit: int | None) -> bool:
        """Whether a month with this limit has no place left."""
        return monthly_limit is not None and self.places_taken >= monthly_limit


def seconds_to_next_month(now: datetime) -> int:
    """Whole seconds, rounded up, from *now* (aware) to the next month's first moment in UTC."""
    return ceil((Month.of(now).next().begins_at() - now).total_seconds())
