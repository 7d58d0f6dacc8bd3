"""Processes that take turns at random, at each single call of the store, over a few persons."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from random import Random
from typing import Any

import pytest

from adapters.mongodb import MongoLeadLedger
from adapters.mongodb.connection.collections import Collections
from adapters.mongodb.leads.documents import names_of
from domain.capture import Capture
from domain.lead_filling import to_fill
from domain.project import Project
from tests.adapters.mongodb.leads.walk.people import Leads, check_people
from tests.adapters.mongodb.leads.walk.senders import some_details
from tests.contracts.people import OTHER_PHONE, PHONE, USER_ID, USER_NAME, a_link, a_written_message
from tests.contracts.recording import record
from tests.support.builders import a_project
from tests.support.faulty_store import Fault, FaultyDatabase
from tests.support.memory_mongo import memory_store

MOST_PROCESSES = 4
TURNS = (0, 0, 0, 0, 2, 10, 40)
"""That others may have before a call: mostly none, and now and then a whole capture's."""
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


@pytest.mark.parametrize("seed", range(600))
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
