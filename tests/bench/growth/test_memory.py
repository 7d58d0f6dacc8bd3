"""What a row of memory figures says."""

import pytest

from tests.bench.growth.memory import change, table
from tests.bench.pace.test_report import a_round


def test_what_fills_in_the_first_two_minutes_is_no_growth() -> None:
    assert change([50, 70, 90, 100, 110, 103], every=30) == pytest.approx(3)
    assert change([50, 100, 103], every=60) == pytest.approx(3)


def test_a_measurement_of_two_minutes_says_nothing_of_growth() -> None:
    assert change([50, 100], every=60) is None


def test_each_side_has_a_column_with_its_change_below() -> None:
    found = {"ours": [a_round(1, memory_mib=n) for n in (80, 100, 99)]}

    assert table(found, every=60).splitlines() == [
        "minute              ours, MiB",
        "1.0                      80.0",
        "2.0                     100.0",
        "3.0                      99.0",
        "from the second on     -1.0 %",
    ]
