"""A month has as many places as the plan says."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.sqlite import SqliteDatabase, SqliteProjectRegister
from application.capture.capture_lead import CaptureLead, Receipt
from domain.errors import StorageUnavailable
from domain.project import Project
from domain.refusals import (
    PlanLimitReached,
)
from tests.application.capture.submissions import a_call
from tests.application.fakes import WatchedLedger
from tests.support.builders import a_project
from tests.support.clocks import StillClock


async def test_a_full_month_refuses_until_the_next_one_begins(
    capture: CaptureLead, clock: StillClock, small: Project, project: Project
) -> None:
    await capture(a_call(small))
    clock.time = datetime(2026, 11, 30, 23, 59, 0, 500000, tzinfo=UTC)

    with pytest.raises(PlanLimitReached) as refused:
        await capture(a_call(small))
    assert refused.value.retry_after_seconds == 60
    assert (await capture(a_call(project))).lead_id == 1
    clock.advance(60)
    assert (await capture(a_call(small))).lead_id == 2


async def test_a_limit_of_zero_takes_no_lead(
    capture: CaptureLead, projects: SqliteProjectRegister
) -> None:
    closed = a_project(monthly_limit=0)
    await projects.add(closed)

    with pytest.raises(PlanLimitReached):
        await capture(a_call(closed))


async def test_a_raised_limit_is_in_force_within_two_seconds(
    capture: CaptureLead, projects: SqliteProjectRegister, clock: StillClock, small: Project
) -> None:
    await capture(a_call(small))
    with pytest.raises(PlanLimitReached):
        await capture(a_call(small))
    await projects.change(small.project_id, lambda old: replace(old, monthly_limit=2))
    clock.advance(2.0)

    assert (await capture(a_call(small))).lead_id == 2


class BrokenDisk(SqliteDatabase):
    """A file that is full when the transaction is to be committed, as often as is said."""

    failures = 0

    async def write(self, work: Any, timeout_seconds: float = 2.0) -> Any:
        def and_fail(connection: Any) -> None:
            work(connection)
            raise StorageUnavailable("the disk is full")

        if not self.failures:
            return await super().write(work, timeout_seconds)
        self.failures -= 1
        return await super().write(and_fail, timeout_seconds)


class TestOnABrokenDisk:
    @pytest.fixture
    def database(self, tmp_path: Path) -> Iterator[BrokenDisk]:
        database = BrokenDisk(tmp_path / "broken.db")
        database.open(create=True)
        yield database
        database.close()

    async def test_a_month_is_not_full_because_of_a_write_that_failed(
        self, capture: CaptureLead, database: BrokenDisk, ledger: WatchedLedger, small: Project
    ) -> None:
        ledger.gate.clear()
        calls = [asyncio.create_task(capture(a_call(small))) for _ in range(3)]
        await ledger.reached.wait()
        database.failures = 2

        ledger.gate.set()
        ended = await asyncio.gather(*calls, return_exceptions=True)

        assert ended[0] == Receipt(1, replayed=False)
        # A failed write tells nobody whether it was done after all.
        assert [type(error) for error in ended[1:]] == [StorageUnavailable] * 2
        with pytest.raises(PlanLimitReached):
            await capture(a_call(small))
