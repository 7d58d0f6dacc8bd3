"""
Moments, as a page says them: in words, with the exact one at hand.

All are aware UTC, and so is what the server says; the script of the page says it again in the
reader's own zone.
"""

from datetime import UTC, date, datetime

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MINUTE = 60
_HOUR = 60 * _MINUTE


def in_words(moment: datetime, now: datetime, *, with_hour: bool = False) -> str:
    """
    `12 min ago` in the last hour, `today 14:05 UTC` on the same day, then `3 Nov`.

    *with_hour* says `3 Nov 14:05 UTC` then.
    """
    seconds = (now - moment).total_seconds()
    if 0 <= seconds < _MINUTE:
        return "just now"
    if 0 <= seconds < _HOUR:
        return f"{int(seconds // _MINUTE)} min ago"
    then, today = moment.astimezone(UTC), now.astimezone(UTC)
    if then.date() == today.date():
        return f"today {then:%H:%M} UTC"
    day = _day(then) if then.year == today.year else f"{_day(then)} {then.year}"
    return f"{day} {then:%H:%M} UTC" if with_hour else day


def exactly(moment: datetime) -> str:
    """`3 Nov 2026, 14:05:12 UTC`."""
    then = moment.astimezone(UTC)
    return f"{_day(then)} {then.year}, {then:%H:%M:%S} UTC"


def iso(moment: datetime) -> str:
    """`2026-11-03T14:05:12Z`, for programs."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def days_in_words(first: date | None, last: date | None, today: date) -> str:
    """`1\u20137 Nov`, `28 Oct \u2013 3 Nov`, `from 3 Nov`, `to 3 Nov`; empty if none is given."""
    year = "" if all(day is None or day.year == today.year for day in (first, last)) else " %d"

    def said(day: date) -> str:
        return _day(day) + (year % day.year if year else "")

    if first is None or last is None:
        return f"from {said(first)}" if first else f"to {said(last)}" if last else ""
    if first == last:
        return said(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}\u2013{said(last)}"
    return f"{said(first)} \u2013 {said(last)}"


def _day(moment: date) -> str:
    return f"{moment.day} {_MONTHS[moment.month - 1]}"  # strftime's is that of the locale


def weekday(day: date) -> str:
    """`Mon`."""
    return _WEEKDAYS[day.weekday()]
