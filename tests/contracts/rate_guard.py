"""
What every `RateGuard` that is switched on does.

Subclass and provide `guard`, which lets `CALLS` calls in `WINDOW_SECONDS` through, and
`next_window`, which lets that time go by.
"""

from collections.abc import Callable

import pytest

from application.ports.rate_guard import RateGuard

CALLS = 3
WINDOW_SECONDS = 60
CLIENT = "192.0.2.1"


def answers(guard: RateGuard, calls: int, project_id: str = "prj_1") -> list[int | None]:
    return [guard.seconds_to_wait(project_id, CLIENT) for _ in range(calls)]


class RateGuardContract:
    def test_so_many_calls_go_on_and_the_next_must_wait(self, guard: RateGuard) -> None:
        *before, last = answers(guard, CALLS + 1)

        assert before == [None] * CALLS
        assert last is not None
        assert 1 <= last <= WINDOW_SECONDS
        assert isinstance(last, int)

    def test_clients_are_counted_per_project_and_address(self, guard: RateGuard) -> None:
        answers(guard, CALLS + 1)

        assert guard.seconds_to_wait("prj_2", CLIENT) is None
        assert guard.seconds_to_wait("prj_1", "192.0.2.2") is None
        assert guard.seconds_to_wait("prj_1" + CLIENT, "") is None
        assert guard.seconds_to_wait("prj_1", CLIENT) is not None

    def test_after_the_window_calls_go_on_again(
        self, guard: RateGuard, next_window: Callable[[], None]
    ) -> None:
        answers(guard, CALLS + 1)

        next_window()

        assert answers(guard, CALLS) == [None] * CALLS

    def test_refused_calls_do_not_make_the_wait_longer(
        self, guard: RateGuard, next_window: Callable[[], None]
    ) -> None:
        *_, early, late = answers(guard, CALLS + 50)

        assert early is not None
        assert late is not None
        assert late <= early
        next_window()
        assert answers(guard, 1) == [None]

    @pytest.mark.parametrize("odd", ["", "2001:db8::1", "nul\0", "\udcff", "x" * 100_000, "🙂 %s"])
    def test_no_name_is_too_odd_to_be_counted(self, guard: RateGuard, odd: str) -> None:
        *before, last = [guard.seconds_to_wait(odd, odd) for _ in range(CALLS + 1)]

        assert before == [None] * CALLS
        assert last is not None
