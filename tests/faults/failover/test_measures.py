"""What the figures of `python -m tests.faults.failover` mean."""

import pytest

from tests.faults.failover.measures import outage
from tests.faults.failover.writers import Attempt


def test_an_outage_is_the_longest_time_without_a_success_in_time_and_what_failed_after_it() -> None:
    attempts = [
        Attempt(99.9, 100.1, "201", is_success=True),
        Attempt(101.0, 103.0, "503", is_success=False),
        Attempt(100.2, 110.0, "inserted", is_success=True),  # too late for whoever sent it
        Attempt(111.0, 111.1, "201", is_success=True),
        Attempt(111.2, 113.2, "503", is_success=False),
        Attempt(113.0, 114.0, "201", is_success=True),
        Attempt(119.0, 121.0, "201", is_success=True),  # of the next fault
    ]

    found = outage(attempts, fault=100.0, end=115.0)

    assert found.gap == pytest.approx(11.0)
    assert found.last_failure == pytest.approx(13.2)
    assert (found.failed, found.failed_late) == (3, 1)
    assert found.slowest == pytest.approx(9.8)
