"""Which days a page is about, and how it says so."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from application.leads.report import Span

LONGEST = 92
"""So many days at most have a bar each: a quarter of a year."""
WEEK = 7
EARLIEST = date(2000, 1, 1)
"""There was no lead before; the calendar of Python has days before this one to compare with."""


@dataclass(frozen=True, slots=True)
class NamedSpan:
    """
    Days that have a name, and what they are compared with.

    Attributes:
        name: What the link to it says.
        words, before: What a sentence says of them, and of the days before.
        of: The days, by what today is.
    """

    name: str
    words: str
    before: str
    of: Callable[[date], Span]


def last(days: int) -> Callable[[date], Span]:
    """So many days, of which today is the last."""
    return lambda today: Span(today - timedelta(days=days - 1), today)


def _this_week(today: date) -> Span:
    return Span(today - timedelta(days=today.weekday()), today)


def _last_week(today: date) -> Span:
    monday = _this_week(today).since
    return Span(monday - timedelta(days=WEEK), monday - timedelta(days=1))


USUAL = NamedSpan("Last 30 days", "in the last 30 days", "in the 30 days before", last(30))
NAMED: Sequence[NamedSpan] = (
    NamedSpan("Last 7 days", "in the last 7 days", "in the 7 days before", last(WEEK)),
    USUAL,
    NamedSpan("Last 90 days", "in the last 90 days", "in the 90 days before", last(90)),
    NamedSpan("This week", "this week", "by the same day of last week", _this_week),
    NamedSpan("Last week", "last week", "in the week before", _last_week),
)


def chosen(since: str, until: str, today: date) -> Span | None:
    """The days that an address names by `from` and `to`, none after today; None for odd ones."""
    try:
        span = Span(date.fromisoformat(since), min(date.fromisoformat(until), today))
    except ValueError:
        return None
    is_short = EARLIEST <= span.since <= span.until and length(span) <= LONGEST
    return span if is_short else None


def named(span: Span, today: date) -> NamedSpan:
    """What *span* is called; of several names the first."""
    for one in NAMED:
        if one.of(today) == span:
            return one
    days = length(span)
    if _is_part_of_week(span):
        return NamedSpan("", _these(days), "on the same days of the week before", lambda _: span)
    earlier = "on the day before" if days == 1 else f"in the {days} days before"
    return NamedSpan("", _these(days), earlier, lambda _: span)


def before(span: Span) -> Span:
    """As many days just before; of a week that is not over, the same days of the week before."""
    back = timedelta(days=WEEK if _is_part_of_week(span) else length(span))
    return Span(span.since - back, span.until - back)


def length(span: Span) -> int:
    """How many days it has."""
    return (span.until - span.since).days + 1


def _is_part_of_week(span: Span) -> bool:
    return span.since.weekday() == 0 and length(span) < WEEK


def _these(days: int) -> str:
    return "on this day" if days == 1 else f"in these {days} days"


def compared(leads: int, earlier: int, when: NamedSpan) -> str:
    """`38 leads in the last 30 days, 12 more than in the 30 days before`."""
    more = leads - earlier
    if earlier == 0:
        than = f"none {when.before}"
    elif more == 0:
        than = f"as many as {when.before}"
    else:
        than = f"{abs(more):,} {'more' if more > 0 else 'fewer'} than {when.before}"
    return f"{how_many(leads)} {when.words}, {than}"


def how_many(leads: int) -> str:
    """`1 lead`, `1,200 leads`, `No leads`."""
    return "1 lead" if leads == 1 else f"{leads:,} leads" if leads else "No leads"
