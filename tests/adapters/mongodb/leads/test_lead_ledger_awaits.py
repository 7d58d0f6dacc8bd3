"""What befalls a process at each single await of a capture, one after the other."""

from random import Random

import pytest

from adapters.mongodb.leads.documents import said_by
from domain.lead import LeadDetails
from tests.adapters.mongodb.leads.walk.walking import World
from tests.contracts.people import PHONE, USER_ID, a_written_message
from tests.support.builders import a_capture, a_project
from tests.support.faulty_store import Fault
from tests.support.memory_mongo import memory_store


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("kind", ["kill", "lose", "freeze", "part"])
@pytest.mark.parametrize("await_number", range(1, 18))
async def test_a_fault_at_any_await_of_a_capture_breaks_no_promise(
    kind: str, await_number: int, *, after: bool
) -> None:
    world = World(memory_store(), a_project(), Random(await_number))
    await world.capture(0, Fault(), [world.a_capture() for _ in range(4)])
    captures = [world.a_capture() for _ in range(6)]

    await world.capture(1, Fault(kind, await_number, after=after), captures)
    await world.check()
    await world.capture(2, Fault(), captures)
    await world.thaw(kill=False)

    await world.check()
    await world.redeliver()


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("await_number", range(1, 8))
async def test_wherever_a_process_dies_a_message_that_comes_again_tells_all_of_its_person(
    await_number: int, *, after: bool
) -> None:
    world = World(memory_store(), a_project(), Random(await_number), limit=None)
    told = LeadDetails(email="ada@example.com")
    first = a_written_message(world.project, PHONE, details=LeadDetails())
    await world.capture(0, Fault(), [first])
    message = a_written_message(world.project, PHONE, USER_ID, details=told)

    await world.capture(1, Fault("kill", await_number, after=after), [message])
    await world.capture(2, Fault(), [message])

    (lead,) = await world.store.leads.find({}).to_list(None)
    assert said_by(lead) == told.present()


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("await_number", range(1, 8))
async def test_a_process_frozen_while_it_looks_for_holes_opens_none_that_are_closed(
    await_number: int, *, after: bool
) -> None:
    world = World(memory_store(), a_project(), Random(await_number), limit=12)
    for place in (1, 5, 9, 12):
        await world.leap_to(place)
    await world.change_limit(8)  # 2, 3, 4 and 6 are open, 7 and 8 are closed by 9 and 12

    late = Fault("freeze", await_number, after=after)
    await world.capture(0, late, [a_capture(world.project)])
    await world.capture(1, Fault(), [a_capture(world.project) for _ in range(4)])
    await world.thaw(kill=False)

    await world.check()
    assert sorted(await world.places(world.month)) == [1, 2, 3, 4, 5, 6, 9, 12]
