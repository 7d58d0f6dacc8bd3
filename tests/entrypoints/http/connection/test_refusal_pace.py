"""How soon callers hear that they are refused while their bodies are still to come."""

from entrypoints.http.connection.refusal_pace import (
    EACH_SECONDS,
    LEAST_PAUSE_SECONDS,
    LONGEST_PAUSE_SECONDS,
    MOST_PAUSE_SECONDS,
    RefusalPace,
)


def test_one_caller_hears_it_within_half_a_second() -> None:
    waits = [RefusalPace().seconds_to_wait(1000.0) for _ in range(100)]

    assert LEAST_PAUSE_SECONDS <= min(waits) <= max(waits) <= MOST_PAUSE_SECONDS


def test_of_hundreds_no_more_hear_it_in_a_second_than_of_a_hundred() -> None:
    pace = RefusalPace()
    waits = sorted(pace.seconds_to_wait(1000.0) for _ in range(400))

    assert sum(wait <= 2.0 for wait in waits) <= 2.0 / EACH_SECONDS + 1
    assert waits[-1] <= 400 * EACH_SECONDS


def test_nobody_waits_longer_than_an_answer_may_take() -> None:
    pace = RefusalPace()
    waits = [pace.seconds_to_wait(1000.0) for _ in range(10_000)]

    assert max(waits) == LONGEST_PAUSE_SECONDS
    assert pace.seconds_to_wait(1010.0) <= MOST_PAUSE_SECONDS
