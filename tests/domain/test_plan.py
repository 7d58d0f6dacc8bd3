from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.plan import Month, seconds_to_next_month

MOMENTS = st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001  hypothesis adds the zone
    max_value=datetime(2900, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))]),
)


@pytest.mark.parametrize(
    ("moment", "month"),
    [
        (datetime(2026, 11, 30, 23, 59, 59, 999000, tzinfo=UTC), Month(2026, 11)),
        (datetime(2026, 12, 1, tzinfo=UTC), Month(2026, 12)),
        (datetime(2026, 12, 1, 1, tzinfo=timezone(timedelta(hours=2))), Month(2026, 11)),
        (datetime(2026, 12, 31, 23, tzinfo=timezone(timedelta(hours=-2))), Month(2027, 1)),
    ],
)
def test_a_month_is_a_calendar_month_in_utc(moment: datetime, month: Month) -> None:
    assert Month.of(moment) == month


@pytest.mark.parametrize(
    ("month", "following"),
    [
        (Month(2026, 1), Month(2026, 2)),
        (Month(2026, 11), Month(2026, 12)),
        (Month(2026, 12), Month(2027, 1)),
    ],
)
def test_after_december_comes_january(month: Month, following: Month) -> None:
    assert month.next() == following
    assert following.before() == month
    assert month < following


def test_a_month_is_written_so_that_text_sorts_as_time_does() -> None:
    assert str(Month(2026, 3)) == "2026-03"
    assert str(Month(2026, 9)) < str(Month(2026, 10)) < str(Month(2027, 1))


@pytest.mark.parametrize(
    ("now", "seconds"),
    [
        (datetime(2026, 11, 1, tzinfo=UTC), 30 * 86_400),
        (datetime(2026, 12, 1, tzinfo=UTC), 31 * 86_400),
        (datetime(2028, 2, 1, tzinfo=UTC), 29 * 86_400),
        (datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC), 1),
        (datetime(2026, 12, 31, 23, 59, 59, 999000, tzinfo=UTC), 1),
        (datetime(2026, 12, 31, 23, 59, 58, 999000, tzinfo=UTC), 2),
        (datetime(2026, 12, 1, 1, 59, 30, tzinfo=timezone(timedelta(hours=2))), 30),
    ],
)
def test_the_wait_for_the_next_month_is_in_whole_seconds_rounded_up(
    now: datetime, seconds: int
) -> None:
    assert seconds_to_next_month(now) == seconds


@given(MOMENTS)
def test_every_moment_lies_in_its_month(moment: datetime) -> None:
    month = Month.of(moment)

    assert month.begins_at() <= moment < month.next().begins_at()


@given(MOMENTS)
def test_who_waits_until_the_next_month_arrives_in_it(moment: datetime) -> None:
    wait = timedelta(seconds=seconds_to_next_month(moment))

    assert wait >= timedelta(seconds=1)
    assert Month.of(moment + wait) == Month.of(moment).next()
    assert Month.of(moment + wait - timedelta(seconds=1)) == Month.of(moment)
