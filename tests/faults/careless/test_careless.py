"""What a careless hand does while leads come in: none that was acknowledged is missing."""

from pathlib import Path

import pytest

from tests.faults.careless.__main__ import ACTS, COPIES, Act, outcome_of, outcome_of_copying
from tests.support.repetitions import FULL

QUICK = ("rm x.db-wal, two processes", "rm x.db")


@pytest.mark.parametrize(
    "act", [act for act in ACTS if FULL or act.name in QUICK], ids=lambda act: act.name
)
async def test_what_was_acknowledged_is_kept_and_the_process_is_not_ready(
    act: Act, tmp_path: Path
) -> None:
    found = await outcome_of(act, tmp_path)

    assert found.acknowledged > 0
    assert found.missing == 0
    assert found.ready == [503] * act.processes
    assert found.lines == [1] * act.processes


async def test_a_backup_under_load_has_all_that_was_acknowledged_before_it(tmp_path: Path) -> None:
    found = await outcome_of_copying(COPIES["swiftcrm backup copy"], tmp_path)

    assert found.acknowledged > 0
    assert found.missing == 0
    assert found.ready == [200]


async def test_the_test_above_sees_what_a_plain_copy_misses(tmp_path: Path) -> None:
    found = await outcome_of_copying(COPIES["cp x.db copy"], tmp_path)

    assert found.missing > 0
