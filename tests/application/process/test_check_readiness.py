import asyncio

import pytest

from adapters.inprocess import InProcessHealthProbe
from application.ports.health_probe import HealthProbe
from application.process.check_readiness import CheckReadiness, ProcessState, Readiness
from tests.application.fakes import let_tasks_start
from tests.support.clocks import StillClock


class BrokenProbe(HealthProbe):
    """A probe that says no, raises, or is stuck behind its gate."""

    def __init__(self, name: str, *, says: bool = False, raises: Exception | None = None) -> None:
        self.name = name
        self.says = says
        self.raises = raises
        self.asked = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def is_healthy(self) -> bool:
        self.asked += 1
        await self.gate.wait()
        if self.raises:
            raise self.raises
        return self.says


@pytest.fixture
def state() -> ProcessState:
    state = ProcessState()
    state.serving = True
    return state


HEALTHY = InProcessHealthProbe("redis")


async def test_a_process_is_ready_when_everything_can_work(
    state: ProcessState, clock: StillClock
) -> None:
    probes = [HEALTHY, InProcessHealthProbe("database")]
    readiness = await CheckReadiness(probes, state, clock)()

    assert readiness == Readiness(serving=True, checks={"redis": True, "database": True})
    assert readiness.is_ready


@pytest.mark.parametrize("raises", [None, OSError("host 10.0.0.1"), TimeoutError()])
async def test_it_is_told_which_system_cannot_work(
    state: ProcessState, clock: StillClock, raises: Exception | None
) -> None:
    probes = [HEALTHY, BrokenProbe("database", raises=raises)]
    readiness = await CheckReadiness(probes, state, clock)()

    assert readiness.checks == {"redis": True, "database": False}
    assert not readiness.is_ready


async def test_a_system_that_does_not_answer_cannot_work(
    state: ProcessState, clock: StillClock
) -> None:
    stuck = BrokenProbe("database", says=True)
    stuck.gate.clear()

    readiness = await CheckReadiness([stuck, HEALTHY], state, clock)()

    assert readiness.checks == {"database": False, "redis": True}


async def test_a_process_is_not_ready_before_it_serves_and_after_it_was_told_to_end(
    clock: StillClock,
) -> None:
    state = ProcessState()
    check = CheckReadiness([HEALTHY], state, clock)
    before = await check()
    state.serving = True
    meanwhile = await check()
    state.serving = False
    after = await check()

    assert [r.is_ready for r in (before, meanwhile, after)] == [False, True, False]
    assert after.checks == {"redis": True}


async def test_systems_are_asked_at_most_once_a_second(
    state: ProcessState, clock: StillClock
) -> None:
    probe = BrokenProbe("database", says=True)
    check = CheckReadiness([probe], state, clock)
    await check()
    probe.says = False
    clock.advance(0.999)
    remembered = await check()
    clock.advance(0.001)
    found = await check()

    assert [remembered.is_ready, found.is_ready] == [True, False]
    assert probe.asked == 2


async def test_systems_are_asked_once_at_a_time(state: ProcessState, clock: StillClock) -> None:
    probe = BrokenProbe("database", says=True)
    probe.gate.clear()
    check = CheckReadiness([probe], state, clock)
    askers = [asyncio.create_task(check()) for _ in range(5)]
    await let_tasks_start()
    clock.advance(5)
    askers.append(asyncio.create_task(check()))
    await let_tasks_start()
    askers[0].cancel()
    probe.gate.set()
    found = await asyncio.gather(*askers[1:])

    assert all(readiness.is_ready for readiness in found)
    assert probe.asked == 1
