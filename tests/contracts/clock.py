"""What every `Clock` does; subclass and provide `clock`."""

from datetime import timedelta

from application.ports.clock import Clock


class ClockContract:
    def test_it_is_utc_and_says_so(self, clock: Clock) -> None:
        assert clock.now().utcoffset() == timedelta(0)

    def test_it_is_cut_to_the_millisecond(self, clock: Clock) -> None:
        assert {clock.now().microsecond % 1000 for _ in range(100)} == {0}

    def test_the_monotonic_clock_never_goes_back(self, clock: Clock) -> None:
        seconds = [clock.monotonic() for _ in range(1000)]

        assert seconds == sorted(seconds)
