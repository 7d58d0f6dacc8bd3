"""A month has as many places as the plan says."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from application.capture.capture_lead import CaptureLead, Receipt
from application.ports.project_register import ProjectRegister
from domain.errors import StorageUnavailable
from domain.project import Project
from domain.refusals import PlanLimitReached
from entrypoints.container import Container
from tests.application.capture.submissions import a_call
from tests.application.fakes import WatchedLedger
from tests.application.in_force import change
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
    capture: CaptureLead, projects: ProjectRegister
) -> None:
    closed = a_project(monthly_limit=0)
    await projects.add(closed)

    with pytest.raises(PlanLimitReached):
        await capture(a_call(closed))


async def test_a_raised_limit_is_in_force_within_two_seconds(
    capture: CaptureLead, container: Container, small: Project
) -> None:
    await capture(a_call(small))
    with pytest.raises(PlanLimitReached):
        await capture(a_call(small))
    await change(container, small, monthly_limit=2)

    assert (await capture(a_call(small))).lead_id == 2


async def test_a_month_is_not_full_because_of_a_write_that_failed(
    capture: CaptureLead,
    container: Container,
    ledger: WatchedLedger,
    small: Project,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write, failures = container.database().write, [1, 2]

    async def write_until_the_disk_is_full(work: Any, timeout_seconds: float = 2.0) -> Any:
        def and_fail(connection: Any) -> None:
            work(connection)
            raise StorageUnavailable("the disk is full")

        if not failures:
            return await write(work, timeout_seconds)
        failures.pop()
        return await write(and_fail, timeout_seconds)

    ledger.gate.clear()
    calls = [asyncio.create_task(capture(a_call(small))) for _ in range(3)]
    await ledger.reached.wait()
    monkeypatch.setattr(container.database(), "write", write_until_the_disk_is_full)

    ledger.gate.set()
    ended = await asyncio.gather(*calls, return_exceptions=True)

    assert ended[0] == Receipt(1, replayed=False)
    # A failed write tells nobody whether it was done after all.
    assert [type(error) for error in ended[1:]] == [StorageUnavailable] * 2
    with pytest.raises(PlanLimitReached):
        await capture(a_call(small))
