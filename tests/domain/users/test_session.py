from datetime import timedelta

import pytest

from tests.support.builders import NOW, a_session, a_user

NEARLY = timedelta(seconds=1)


@pytest.mark.parametrize("age", [timedelta(), timedelta(days=29), timedelta(days=30) - NEARLY])
def test_a_session_goes_on_while_it_is_used_every_twelve_hours(age: timedelta) -> None:
    session = a_session(a_user(), created_at=NOW - age, last_used_at=NOW - timedelta(hours=12))

    assert not session.has_ended(NOW - NEARLY)
    assert session.has_ended(NOW)


def test_a_session_ends_after_thirty_days_however_often_it_is_used() -> None:
    session = a_session(a_user(), created_at=NOW - timedelta(days=30), last_used_at=NOW)

    assert session.has_ended(NOW)
    assert not session.has_ended(NOW - NEARLY)
