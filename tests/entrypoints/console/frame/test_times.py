"""How a page says when something was."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from entrypoints.console.frame.times import exactly, in_words, iso

NOW = datetime(2026, 11, 3, 14, 5, 12, tzinfo=UTC)
IN_INDIA = timezone(timedelta(hours=5, minutes=30))


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (NOW, "just now"),
        (NOW - timedelta(seconds=59), "just now"),
        (NOW - timedelta(minutes=12, seconds=50), "12 min ago"),
        (NOW - timedelta(minutes=59, seconds=59), "59 min ago"),
        (NOW - timedelta(hours=1), "today 13:05 UTC"),
        (NOW.astimezone(IN_INDIA) - timedelta(hours=14), "today 00:05 UTC"),
        (NOW + timedelta(hours=2), "today 16:05 UTC"),
        (NOW - timedelta(hours=15), "2 Nov"),
        (datetime(2025, 12, 31, tzinfo=UTC), "31 Dec 2025"),
    ],
)
def test_a_moment_is_said_as_a_person_would(moment: datetime, said: str) -> None:
    assert in_words(moment, NOW) == said


def test_the_exact_moment_names_its_zone() -> None:
    there = NOW.astimezone(IN_INDIA)

    assert exactly(there) == "3 Nov 2026, 14:05:12 UTC"
    assert iso(there) == "2026-11-03T14:05:12Z"
