"""A batch of many projects, over the model of a store."""

import asyncio
from typing import Any

import pytest
from pymongo.errors import AutoReconnect

from adapters.mongodb import MongoLeadLedger
from domain.capture import KeptAs
from domain.errors import StorageUnavailable
from domain.project import Project
from tests.contracts.recording import hows, record
from tests.support.builders import a_capture, a_project
from tests.support.clocks import StillClock
from tests.support.faulty_store import FaultyDatabase
from tests.support.memory_mongo import MemoryCollection, memory_store

TOGETHER = 8


class WatchedLeads(MemoryCollection):
    """It notes what is asked, answers when so many ask together, and fails as often as is said."""

    asked: list[str]
    askers = 1
    failures = 0

    async def find_one(self, wanted: Any, fields: Any = None, sort: Any = ()) -> Any:
        self.asked.append(sort[0][0])
        if self.failures:
            self.failures -= 1
            raise AutoReconnect("lost")
        while len(self.asked) < self.askers:  # noqa: ASYNC110  nobody tells
            await asyncio.sleep(0)
        return await super().find_one(wanted, fields, sort)


@pytest.fixture
def leads() -> WatchedLeads:
    leads = WatchedLeads([("project_id", "lead_id"), ("project_id", "month", "place")])
    leads.asked = []
    return leads


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def ledger(leads: WatchedLeads, clock: StillClock) -> MongoLeadLedger:
    store = memory_store()
    named = {name: getattr(store, name) for name in store.__slots__}
    database = FaultyDatabase(type(store)(**named | {"leads": leads, "latest_leads": leads}))
    return MongoLeadLedger(database, clock.monotonic)  # type: ignore[arg-type]


@pytest.fixture
def projects() -> list[Project]:
    return [a_project() for _ in range(20)]


async def test_what_is_not_known_of_many_projects_is_asked_together(
    ledger: MongoLeadLedger, leads: WatchedLeads, projects: list[Project]
) -> None:
    leads.askers = TOGETHER

    async with asyncio.timeout(20):
        outcomes = await record(ledger, *(a_capture(project) for project in projects))

    assert hows(outcomes) == [KeptAs.NEW] * 20


async def test_without_a_limit_free_places_are_known_for_as_long_as_nobody_else_takes_them(
    ledger: MongoLeadLedger, leads: WatchedLeads, projects: list[Project], clock: StillClock
) -> None:
    await record(ledger, *(a_capture(project) for project in projects))
    first, leads.asked = leads.asked, []
    clock.advance(3600)

    await record(ledger, *(a_capture(project) for project in projects))

    assert sorted(first) == ["lead_id"] * 20 + ["place"] * 20
    assert leads.asked == ["lead_id"] * 20


async def test_where_one_question_fails_nothing_is_left_out_in_any_project(
    ledger: MongoLeadLedger, leads: WatchedLeads, projects: list[Project]
) -> None:
    leads.failures = 1
    with pytest.raises(StorageUnavailable):
        await record(ledger, *(a_capture(project) for project in projects))

    outcomes = await record(ledger, *(a_capture(project) for project in projects))

    assert hows(outcomes) == [KeptAs.NEW] * 20
    assert {(lead["lead_id"], lead["place"]) for lead in leads.documents} == {(1, 1)}
