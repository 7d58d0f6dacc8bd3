"""How a page says when something was."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from entrypoints.console.frame.times import days_in_words, exactly, in_words, iso

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


def test_where_the_hour_matters_it_is_said_of_other_days_too() -> None:
    assert in_words(NOW - timedelta(hours=15), NOW, with_hour=True) == "2 Nov 23:05 UTC"


def test_the_exact_moment_names_its_zone() -> None:
    there = NOW.astimezone(IN_INDIA)

    assert exactly(there) == "3 Nov 2026, 14:05:12 UTC"
    assert iso(there) == "2026-11-03T14:05:12Z"


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 11, 1), date(2026, 11, 7), "1–7 Nov"),
        (date(2026, 10, 28), date(2026, 11, 3), "28 Oct – 3 Nov"),
        (date(2025, 12, 28), date(2026, 1, 3), "28 Dec 2025 – 3 Jan 2026"),
        (date(2025, 11, 1), date(2025, 11, 7), "1–7 Nov 2025"),
        (date(2026, 11, 3), date(2026, 11, 3), "3 Nov"),
        (date(2026, 11, 3), None, "from 3 Nov"),
        (None, date(2026, 11, 3), "to 3 Nov"),
        (None, None, ""),
    ],
)
def test_days_are_said_as_short_as_they_can_be(
    first: date | None, last: date | None, words: str
) -> None:
    assert days_in_words(first, last, date(2026, 11, 29)) == words
