"""The month that a plan counts by."""

from dataclasses import dataclass
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

    def begins_at(self) -> datetime:
        """Its first moment, aware UTC."""
        return datetime(self.year, self.number, 1, tzinfo=UTC)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


def seconds_to_next_month(now: datetime) -> int:
    """Whole seconds, rounded up, from *now* (aware) to the next month's first moment in UTC."""
    return ceil((Month.of(now).next().begins_at() - now).total_seconds())
