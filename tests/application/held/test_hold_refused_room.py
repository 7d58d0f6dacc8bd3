"""What a process is writing counts, also when the store does not know it yet."""

import asyncio

from application.held.hold_refused import ROOM_SECONDS
from domain.project import Project
from entrypoints.container import Container
from tests.application.fakes import WatchedHeldLedger
from tests.application.in_force import hold_at_most
from tests.support.builders import a_held_call
from tests.support.clocks import StillClock


async def test_what_is_being_written_takes_room_when_the_store_is_asked_anew(
    container: Container, project: Project, clock: StillClock
) -> None:
    ledger = WatchedHeldLedger(container.held_ledger())
    container.held_ledger.override(ledger)
    hold_at_most(container, 1)
    holding = container.hold_refused()
    ledger.gate.clear()
    first = asyncio.create_task(holding.hold(a_held_call(project)))
    await ledger.reached.wait()
    clock.advance(ROOM_SECONDS)

    assert not await holding.hold(a_held_call(project))

    ledger.gate.set()
    assert await first
