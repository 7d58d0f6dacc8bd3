"""
Moments, as a page says them: in words, with the exact one at hand.

All are aware UTC, and so is what the server says; the script of the page says it again in the
reader's own zone.
"""

from datetime import UTC, datetime

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MINUTE = 60
_HOUR = 60 * _MINUTE


def in_words(moment: datetime, now: datetime) -> str:
    """`12 min ago` in the last hour, `today 14:05 UTC` on the same day, then `3 Nov`."""
    seconds = (now - moment).total_seconds()
    if 0 <= seconds < _MINUTE:
        return "just now"
    if 0 <= seconds < _HOUR:
        return f"{int(seconds // _MINUTE)} min ago"
    then, today = moment.astimezone(UTC), now.astimezone(UTC)
    if then.date() == today.date():
        return f"today {then:%H:%M} UTC"
    return _day(then) if then.year == today.year else f"{_day(then)} {then.year}"


def exactly(moment: datetime) -> str:
    """`3 Nov 2026, 14:05:12 UTC`."""
    then = moment.astimezone(UTC)
    return f"{_day(then)} {then.year}, {then:%H:%M:%S} UTC"


def iso(moment: datetime) -> str:
    """`2026-11-03T14:05:12Z`, for programs."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _day(moment: datetime) -> str:
    return f"{moment.day} {_MONTHS[moment.month - 1]}"  # strftime's is that of the locale
