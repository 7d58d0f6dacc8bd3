"""When a message was sent."""

import re
from datetime import UTC, datetime
from typing import Any

_DIGITS = re.compile(r"[0-9]{1,16}", re.ASCII)
_MILLISECONDS_FROM = 100_000_000_000
"""A timestamp from here on is in milliseconds: as seconds it would lie after the year 5000."""


def moment(timestamp: Any) -> datetime | None:
    """The moment in aware UTC; seconds or milliseconds, a text or a number, else None."""
    number = _number(timestamp)
    if number is None or number < 0:
        return None
    try:
        return datetime.fromtimestamp(
            number / 1000 if number >= _MILLISECONDS_FROM else number, UTC
        )
    except (ValueError, OverflowError, OSError):
        return None


def _number(timestamp: Any) -> float | None:
    if isinstance(timestamp, str) and _DIGITS.fullmatch(timestamp):
        return int(timestamp)
    return timestamp if type(timestamp) in (int, float) else None
