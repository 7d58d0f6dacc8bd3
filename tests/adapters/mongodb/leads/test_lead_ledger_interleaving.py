"""Processes that take turns at random, at each single call of the store, over a few persons."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from random import Random
from typing import Any

import pytest

from adapters.mongodb import MongoLeadLedger
from adapters.mongodb.connection.collections import Collections
from adapters.mongodb.leads.documents import names_of, said_by
from domain.capture import Capture
from domain.identity import Identity
from domain.lead import LeadDetails
from domain.leads.filling import to_fill
from domain.project import Project
from tests.adapters.mongodb.leads.walk.people import Leads, check_people
from tests.adapters.mongodb.leads.walk.senders import some_details
from tests.adapters.mongodb.leads.walk.walking import World
from tests.contracts.people import OTHER_PHONE, PHONE, USER_ID, USER_NAME, a_link, a_written_message
from tests.contracts.recording import record
from tests.support.builders import a_capture, a_project
from tests.support.faulty_store import Fault, FaultyDatabase
from tests.support.memory_mongo import memory_store
from tests.support.repetitions import times

MOST_PROCESSES = 4
TURNS = (0, 0, 0, 0, 2, 10, 40)
"""That others may have before a call: mostly none, and now and then a whole capture's."""
MOST_AWAITS = 18
NAMES = [PHONE, OTHER_PHONE, USER_ID, USER_NAME]


class Turns(Fault):
    """Lets others go first, some times, before each call and after it."""

    def __init__(self, chance: Random) -> None:
        super().__init__()
        self._chance = chance

    async def call(self, work: Callable[[], Awaitable[Any]]) -> Any:
        await self._let_others()
        result = await work()
        await self._let_others()
        return result

    async def _let_others(self) -> None:
        for _ in range(self._chance.choice(TURNS)):
            await asyncio.sleep(0)


def a_process(store: Collections, chance: Random) -> MongoLeadLedger:
    database = FaultyDatabase(store)
    database.fault = Turns(chance)
    return MongoLeadLedger(database)  # type: ignore[arg-type]


def some_captures(chance: Random, project: Project) -> list[Capture]:
    return [a_capture_of_some(chance, project) for _ in range(chance.choice([1, 1, 1, 2, 3]))]


def a_capture_of_some(chance: Random, project: Project) -> Capture:
    if chance.random() < 0.4:
        return a_link(project, *chance.sample(NAMES, 2))
    names = chance.sample(NAMES, chance.choice([1, 1, 2]))
    return a_written_message(project, *names, details=some_details(chance))


async def check_details(store: Collections, project_id: str, told: Sequence[Capture]) -> None:
    """What was said of a person is in her one lead, in the words of one of those who said it."""
    leads = await Leads.of(store, project_id)
    details, of_name = leads.details, leads.of_name()
    for capture in told:
        if capture.message:
            number = of_name[names_of(capture)[0]]
            assert to_fill(details[number], capture.details.present()) == {}


@pytest.mark.parametrize("seed", range(times(600, quick=60)))
async def test_in_whichever_turns_processes_write_the_persons_are_as_they_were_told(
    seed: int,
) -> None:
    chance, store, project = Random(seed), memory_store(), a_project()
    before = some_captures(chance, project) if seed % 2 else []
    batches = [some_captures(chance, project) for _ in range(chance.randint(2, MOST_PROCESSES))]

    await record(a_process(store, chance), *before)
    await asyncio.gather(*(record(a_process(store, chance), *batch) for batch in batches))

    told = [capture for batch in (before, *batches) for capture in batch]
    await check_people(store, project.project_id, told)
    await check_details(store, project.project_id, told)


@pytest.mark.parametrize("kind", ["kill", "lose", "freeze", "part"])
@pytest.mark.parametrize("await_number", range(1, MOST_AWAITS))
async def test_a_fault_at_any_await_of_a_capture_breaks_no_promise(
    kind: str, await_number: int
) -> None:
    for after in (False, True):
        await a_fault_breaks_no_promise(Fault(kind, await_number, after=after), await_number)


async def a_fault_breaks_no_promise(fault: Fault, seed: int) -> None:
    world = World(memory_store(), a_project(), Random(seed))
    await world.capture(0, Fault(), [world.a_capture() for _ in range(4)])
    captures = [world.a_capture() for _ in range(6)]

    await world.capture(1, fault, captures)
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


@dataclass(frozen=True)
class Told:
    """Identities that come together: in a message, or in a link."""

    identities: tuple[Identity, ...]
    is_link: bool = False

    def capture(self, project: Project, email: str | None) -> Capture:
        make = a_link if self.is_link else a_written_message
        attributes = {} if email is None else {f"said by {email}": True}
        details = LeadDetails(email=email, attributes=attributes)
        return make(project, *self.identities, details=details)


def message(*identities: Identity) -> Told:
    return Told(identities)


def link(*identities: Identity) -> Told:
    return Told(identities, is_link=True)


@dataclass(frozen=True)
class Scenario:
    """What is known before, what the slow process records, and what the quick one does."""

    slow: Told
    quick: tuple[Told, ...]
    before: tuple[Told, ...] = ()


APART = (message(PHONE), message(USER_ID), message(USER_NAME))
SCENARIOS = {
    "a message and a link": Scenario(message(PHONE), (link(PHONE, USER_ID),)),
    "a link and a message": Scenario(link(PHONE, USER_ID), (message(PHONE),)),
    "a link and messages": Scenario(link(PHONE, USER_ID), (message(PHONE), message(USER_ID))),
    "links": Scenario(link(PHONE, USER_ID), (link(USER_ID, USER_NAME), message(USER_NAME))),
    "a new name and its link": Scenario(
        message(PHONE, USER_ID), (link(USER_ID, USER_NAME),), (message(PHONE),)
    ),
    "a new name and its lead": Scenario(
        message(PHONE, USER_ID), (message(USER_ID),), (message(PHONE),)
    ),
    "a new person and a lead of one name": Scenario(message(PHONE, USER_ID), (message(USER_ID),)),
    "a new person and leads of both names": Scenario(
        message(PHONE, USER_ID), (message(USER_ID), message(PHONE))
    ),
    "joins of one lead": Scenario(message(USER_ID, USER_NAME), (message(PHONE, USER_NAME),), APART),
    "a join and a new name": Scenario(
        message(PHONE, USER_NAME), (message(USER_NAME, OTHER_PHONE),), APART
    ),
    "a new name and a join": Scenario(
        message(USER_NAME, OTHER_PHONE), (message(PHONE, USER_NAME),), APART
    ),
    "what a lead lacks and a join": Scenario(message(USER_ID), (message(PHONE, USER_ID),), APART),
    "what a lead lacks and a link that joins": Scenario(
        message(USER_ID), (link(PHONE, USER_ID),), APART
    ),
    "what a lead lacks and joins of joined leads": Scenario(
        message(USER_NAME), (message(USER_ID, USER_NAME), link(PHONE, USER_NAME)), APART
    ),
    "a join and what a lead lacks": Scenario(message(PHONE, USER_ID), (message(USER_ID),), APART),
    "a join and a link": Scenario(
        message(PHONE, USER_ID), (link(USER_ID, OTHER_PHONE), link(USER_NAME, PHONE)), APART
    ),
    "a link that joins and what is linked": Scenario(
        link(PHONE, OTHER_PHONE, USER_ID), (link(OTHER_PHONE, USER_NAME),), APART
    ),
}


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)
@pytest.mark.parametrize("kind", ["freeze", "kill"])
async def test_whoever_is_overtaken_at_any_await_the_person_is_one_and_nothing_is_overwritten(
    scenario: Scenario, kind: str
) -> None:
    for fault in faults(kind):
        await an_overtaken_process_does_no_harm(scenario, fault)


def faults(kind: str) -> Iterator[Fault]:
    """Before the first await of what they strike and after it, and so on, to its last one."""
    for await_number in count(1):
        for after in (False, True):
            fault = Fault(kind, await_number, after=after)
            yield fault
        if not fault.struck.is_set():
            break


async def an_overtaken_process_does_no_harm(scenario: Scenario, fault: Fault) -> None:
    world = World(memory_store(), a_project(), Random(1), limit=None)
    before, slow, quick = (
        [told.capture(world.project, email) for told in some]
        for some, email in (
            (scenario.before, None),
            ((scenario.slow,), "slow@example.com"),
            (scenario.quick, "quick@example.com"),
        )
    )
    await world.capture(0, Fault(), before)

    await world.capture(1, fault, slow)
    await world.check()
    await world.capture(2, Fault(), quick)
    await world.check()

    await world.redeliver()
