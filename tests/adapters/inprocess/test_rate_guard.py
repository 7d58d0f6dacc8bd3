from collections.abc import Callable

import pytest

from adapters.inprocess import InProcessRateGuard, NoRateGuard
from tests.contracts.rate_guard import CALLS, WINDOW_SECONDS, RateGuardContract, answers
from tests.support.clocks import StillClock


class TestInProcessRateGuard(RateGuardContract):
    @pytest.fixture
    def clock(self) -> StillClock:
        return StillClock()

    @pytest.fixture
    def guard(self, clock: StillClock) -> InProcessRateGuard:
        return InProcessRateGuard(CALLS, WINDOW_SECONDS, clock)

    @pytest.fixture
    def next_window(self, clock: StillClock) -> Callable[[], None]:
        return lambda: clock.advance(WINDOW_SECONDS)

    def test_the_wait_is_the_rest_of_the_window_rounded_up_and_never_nothing(
        self, guard: InProcessRateGuard, clock: StillClock
    ) -> None:
        answers(guard, CALLS)
        waits = []
        for seconds in (0, 0.5, 59, 0.499):
            clock.advance(seconds)
            waits += answers(guard, 1)

        assert waits == [60, 60, 1, 1]

    def test_its_memory_is_bounded_and_what_it_knows_it_still_counts(
        self, clock: StillClock
    ) -> None:
        guard = InProcessRateGuard(CALLS, WINDOW_SECONDS, clock, most_clients=10)
        answers(guard, 2)

        newcomers = [guard.seconds_to_wait("prj_1", f"client {n}") for n in range(1000)] * 5
        known = answers(guard, 2)

        assert set(newcomers) == {None}
        assert known[0] is None
        assert known[1] is not None
        assert len(guard._counts) == 10

    def test_a_new_window_has_room_for_other_clients(
        self, clock: StillClock, next_window: Callable[[], None]
    ) -> None:
        guard = InProcessRateGuard(CALLS, WINDOW_SECONDS, clock, most_clients=1)
        guard.seconds_to_wait("prj_1", "somebody else")
        next_window()

        assert answers(guard, CALLS + 1)[-1] is not None


def test_a_guard_that_is_switched_off_lets_everything_through() -> None:
    assert answers(NoRateGuard(), 1000) == [None] * 1000
