from datetime import UTC, datetime, timedelta

import pytest

from adapters.system import SystemClock
from tests.contracts.clock import ClockContract
from tests.support.clocks import StillClock


class TestSystemClock(ClockContract):
    @pytest.fixture
    def clock(self) -> SystemClock:
        return SystemClock()

    def test_it_is_the_machine_s_clock(self, clock: SystemClock) -> None:
        before, now, after = datetime.now(UTC), clock.now(), datetime.now(UTC)

        assert before - timedelta(milliseconds=1) < now <= after


class TestStillClock(ClockContract):
    """The clock of other tests is a clock."""

    @pytest.fixture
    def clock(self) -> StillClock:
        return StillClock()
