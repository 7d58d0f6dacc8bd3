from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.whatsapp.messages import moment

AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize("timestamp", ["1795341600", 1795341600, 1795341600.0, "1795341600000"])
def test_a_moment_is_in_seconds_or_milliseconds_a_text_or_a_number(timestamp: Any) -> None:
    assert moment(timestamp) == AT


def test_milliseconds_are_not_lost() -> None:
    assert moment(1795341600250) == AT.replace(microsecond=250_000)


def test_the_two_units_meet_where_seconds_are_out_of_the_question() -> None:
    assert moment(99_999_999_999) == datetime(5138, 11, 16, 9, 46, 39, tzinfo=UTC)
    assert moment(100_000_000_000) == datetime(1973, 3, 3, 9, 46, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    "odd",
    [
        *(None, "", " ", "soon", "-1", "+1", "1.5", "1_0", "1e5", "١٧٩٥", "9" * 16, "9" * 5000),
        *(-1, 10**300, 1e300, -0.5, True, False, {}, []),
    ],
    ids=lambda odd: repr(odd)[:20],
)
def test_anything_else_is_no_moment(odd: Any) -> None:
    assert moment(odd) is None
