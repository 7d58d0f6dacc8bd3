"""How many rounds and questions a batch takes, over the model of a store."""

from dataclasses import replace
from typing import Any

import pytest

from adapters.mongodb import MongoLeadLedger
from application.ports.lead_ledger import LeadLedger
from domain.capture import MOST_LINKED, Capture, Kept, KeptAs
from domain.project import Project
from tests.contracts.lead_ledger.chains import a_chain, a_chain_of_messages, a_star, identity
from tests.contracts.people import a_written_message
from tests.contracts.recording import (
    NOBODY_KNOWN,
    PLAN_FULL,
    UNDECIDED,
    a_batch,
    fill,
    record,
    record_one,
)
from tests.support.builders import a_capture, a_project
from tests.support.clocks import StillClock
from tests.support.faulty_store import FaultyDatabase
from tests.support.memory_mongo import UNIQUE, MemoryCollection, MemoryCursor, memory_store

SURE_ROUNDS = 8
"""However long they take, nobody is undecided before."""


class WatchedCollection(MemoryCollection):
    """It counts calls; a write takes a second, and others are quicker as often as is said."""

    def __init__(self, name: str, clock: StillClock) -> None:
        super().__init__(UNIQUE[name])
        self._clock = clock
        self.questions = self.writes = self.overtaken = 0

    def find(self, wanted: Any, fields: Any = None) -> MemoryCursor:
        self.questions += 1
        return super().find(wanted, fields)

    async def insert_many(self, documents: Any, *, ordered: bool) -> None:
        self.writes += 1
        self._clock.advance(1.0)
        if self.overtaken:
            self.overtaken -= 1
            taken = {name: documents[0][name] for name in ("project_id", "lead_id")}
            self.documents.append(taken | {"_id": f"another {taken['lead_id']}"})
        await super().insert_many(documents, ordered=ordered)


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def leads(clock: StillClock) -> WatchedCollection:
    return WatchedCollection("leads", clock)


@pytest.fixture
def links(clock: StillClock) -> WatchedCollection:
    return WatchedCollection("links", clock)


@pytest.fixture
def ledger(leads: WatchedCollection, links: WatchedCollection, clock: StillClock) -> LeadLedger:
    store = replace(memory_store(), leads=leads, latest_leads=leads, links=links)
    return MongoLeadLedger(FaultyDatabase(store), clock.monotonic)  # type: ignore[arg-type]


@pytest.fixture
def project() -> Project:
    return a_project()


async def test_once_its_time_is_over_the_rest_of_a_long_chain_is_undecided(
    ledger: LeadLedger, project: Project
) -> None:
    chain = a_chain_of_messages(project, 3 * SURE_ROUNDS)

    outcomes = await ledger.record(a_batch(chain), 1.0)

    known = [Kept(1, KeptAs.KNOWN_PERSON)] * (SURE_ROUNDS - 1)
    assert outcomes == [Kept(1, KeptAs.NEW), *known, *[UNDECIDED] * 2 * SURE_ROUNDS]


async def test_who_waits_for_no_other_is_tried_for_as_long_as_others_are_quicker(
    ledger: LeadLedger, leads: WatchedCollection, project: Project
) -> None:
    leads.overtaken = 3 * SURE_ROUNDS

    outcomes = await ledger.record(a_batch([a_capture(project)]), 1.0)

    assert outcomes == [Kept(3 * SURE_ROUNDS + 1, KeptAs.NEW)]


@pytest.mark.parametrize("shape", [a_chain, a_star])
async def test_links_wait_for_no_other_link(
    ledger: LeadLedger, links: WatchedCollection, project: Project, shape: Any
) -> None:
    told: list[Capture] = shape(project, 10)

    outcomes = await record(ledger, *told)

    assert outcomes == [NOBODY_KNOWN] * 10
    assert links.writes == 1


async def test_a_chain_is_followed_no_further_than_it_takes_to_see_that_it_is_too_long(
    ledger: LeadLedger, links: WatchedCollection, project: Project
) -> None:
    await record(ledger, *a_chain(project, 3 * MOST_LINKED))
    links.questions = 0

    outcomes = await record(ledger, a_written_message(project, identity(0)))

    assert outcomes == [Kept(1, KeptAs.NEW)]
    assert links.questions <= 2 * MOST_LINKED + 1  # it is looked at a second time


async def test_a_full_month_refuses_what_nobody_can_know_without_a_question(
    ledger: LeadLedger, leads: WatchedCollection, project: Project
) -> None:
    await fill(ledger, project, 1, limit=1)
    full = [await record_one(ledger, a_capture(project, is_fresh=True), limit=1) for _ in range(2)]
    leads.questions = 0

    outcome = await record_one(ledger, a_capture(project, is_fresh=True), limit=1)

    assert full == [PLAN_FULL, PLAN_FULL]
    assert outcome == PLAN_FULL
    assert leads.questions == 0


async def test_a_full_month_looks_for_what_may_have_been_recorded_before(
    ledger: LeadLedger, project: Project
) -> None:
    first = a_capture(project, is_fresh=True)
    await record_one(ledger, first, limit=1)
    await record_one(ledger, a_capture(project, is_fresh=True), limit=1)

    again = await record_one(ledger, replace(first, is_fresh=False), limit=1)

    assert again == Kept(1, KeptAs.NEW)
