from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from adapters.sqlite.connection.moments import (
    from_store,
    from_store_or_none,
    to_store,
    to_store_or_none,
)
from entrypoints.channel_contract.examples import EXAMPLES

MILLISECOND = timedelta(milliseconds=1)
MOMENTS = st.datetimes(
    min_value=datetime(1900, 1, 1),  # noqa: DTZ001  Hypothesis adds the zone
    max_value=datetime(9999, 12, 30),  # noqa: DTZ001
    timezones=st.integers(-23, 23).map(lambda hours: timezone(timedelta(hours=hours))),
)


@EXAMPLES
@given(moment=MOMENTS)
def test_a_moment_comes_back_in_utc_less_what_is_below_a_millisecond(moment: datetime) -> None:
    back = from_store(to_store(moment))

    assert back.tzinfo is UTC
    assert timedelta(0) <= moment - back < MILLISECOND


@EXAMPLES
@given(milliseconds=st.integers(-(10**12), 10**14))
def test_every_stored_moment_is_stored_again_as_it_was(milliseconds: int) -> None:
    assert to_store(from_store(milliseconds)) == milliseconds


def test_no_moment_is_no_moment() -> None:
    assert to_store_or_none(None) is None
    assert from_store_or_none(None) is None
