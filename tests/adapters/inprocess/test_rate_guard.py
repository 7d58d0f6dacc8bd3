from collections.abc import Callable

import pytest

from adapters.inprocess import InProcessRateGuard, NoRateGuard, SlidingRateGuard
from tests.contracts.rate_guard import CALLS, CLIENT, WINDOW_SECONDS, RateGuardContract, answers
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


class TestSlidingRateGuard(RateGuardContract):
    @pytest.fixture
    def clock(self) -> StillClock:
        return StillClock()

    @pytest.fixture
    def guard(self, clock: StillClock) -> SlidingRateGuard:
        return SlidingRateGuard(CALLS, WINDOW_SECONDS, clock)

    @pytest.fixture
    def next_window(self, clock: StillClock) -> Callable[[], None]:
        return lambda: clock.advance(WINDOW_SECONDS)

    def test_no_more_go_on_in_any_stretch_of_a_windows_length(self, clock: StillClock) -> None:
        guard = SlidingRateGuard(40, WINDOW_SECONDS, clock)
        let_through = []
        for _ in range(1000):
            clock.advance(0.7)
            if guard.seconds_to_wait("prj_1", CLIENT) is None:
                let_through.append(clock.monotonic())

        assert len(let_through) > 400
        for first, beyond in zip(let_through, let_through[40:], strict=False):
            assert beyond - first >= WINDOW_SECONDS

    def test_what_came_together_is_remembered_together(
        self, guard: SlidingRateGuard, clock: StillClock
    ) -> None:
        guard = SlidingRateGuard(100_000, WINDOW_SECONDS, clock)
        for _ in range(10_000):
            clock.advance(0.01)
            guard.seconds_to_wait("prj_1", CLIENT)

        assert len(guard._counts["prj_1", CLIENT]) < 65

    def test_its_memory_is_bounded_and_forgets_who_no_longer_calls(
        self, clock: StillClock, next_window: Callable[[], None]
    ) -> None:
        guard = SlidingRateGuard(1, WINDOW_SECONDS, clock, most_clients=10)
        for number in range(10):
            guard.seconds_to_wait("prj_1", f"client {number}")
        assert answers(guard, 2) == [None, None]  # a newcomer, let through uncounted
        next_window()

        assert answers(guard, 2) == [None, WINDOW_SECONDS]
        assert len(guard._counts) == 1


def test_a_guard_that_is_switched_off_lets_everything_through() -> None:
    assert answers(NoRateGuard(), 1000) == [None] * 1000
