"""Persons, while it is not known yet whether a month has free places."""

from collections.abc import Callable
from typing import Any

import pytest

from adapters.mongodb import MongoLeadLedger
from adapters.mongodb.connection.collections import Collections
from domain.capture import Capture, Kept, KeptAs
from domain.project import Project
from tests.contracts.people import OTHER_PHONE, PHONE, USER_ID, USER_NAME, a_link, a_written_message
from tests.contracts.recording import (
    LONG_ENOUGH_SECONDS,
    NOBODY_KNOWN,
    PLAN_FULL,
    UNDECIDED,
    a_batch,
    record,
)
from tests.support.builders import a_capture, a_project
from tests.support.faulty_store import FaultyDatabase
from tests.support.memory_mongo import memory_store

FULL_CHUNKS = 5
"""One more than a search learns of, so that the first one does not end."""
CHUNK_PLACES = 2
LIMIT = FULL_CHUNKS * CHUNK_PLACES
Makes = Callable[[Project], Capture]


@pytest.fixture
def store() -> Collections:
    return memory_store()


@pytest.fixture
def project() -> Project:
    return a_project()


@pytest.fixture
async def ledger(store: Collections, project: Project) -> MongoLeadLedger:
    """Its month is full, which it does not know; the first two leads are of persons."""
    persons = [a_written_message(project, name) for name in (USER_ID, OTHER_PHONE)]
    others = [a_capture(project) for _ in range(LIMIT - len(persons))]
    await record(a_ledger(store), *persons, *others)
    return a_ledger(store)


def a_ledger(store: Collections) -> MongoLeadLedger:
    """One that knows nothing yet."""
    return MongoLeadLedger(FaultyDatabase(store), chunk_places=CHUNK_PLACES)  # type: ignore[arg-type]


async def written(store: Collections) -> list[list[Any]]:
    """Leads, messages and links."""
    collections = (store.leads, store.messages, store.links)
    return [await each.find({}).to_list(None) for each in collections]


@pytest.mark.parametrize(
    "waiting",
    [
        lambda project: a_written_message(project, PHONE),
        lambda project: a_written_message(project, PHONE, counts=False),
        lambda project: a_written_message(project, USER_NAME, PHONE),
        lambda project: a_link(project, PHONE, USER_NAME),
    ],
    ids=["the same", "one that does not count", "one with a further name", "a link"],
)
async def test_who_waits_for_somebody_undecided_is_undecided_and_nothing_of_both_is_written(
    ledger: MongoLeadLedger, store: Collections, project: Project, waiting: Makes
) -> None:
    before = await written(store)
    captures = [a_written_message(project, PHONE), waiting(project)]

    outcomes = await ledger.record(a_batch(captures, LIMIT), LONG_ENOUGH_SECONDS)

    assert outcomes == [UNDECIDED, UNDECIDED]
    assert await written(store) == before


async def test_what_waited_for_somebody_undecided_is_tried_again_by_itself(
    ledger: MongoLeadLedger, project: Project
) -> None:
    message, link = a_written_message(project, PHONE), a_link(project, PHONE, USER_NAME)
    uncounted = a_written_message(project, PHONE, counts=False)

    outcomes = await record(ledger, message, link, uncounted, limit=LIMIT)

    assert outcomes == [PLAN_FULL, NOBODY_KNOWN, Kept(LIMIT + 1, KeptAs.NEW)]


async def test_a_join_waits_for_nobody_who_is_undecided_and_makes_him_known(
    ledger: MongoLeadLedger, project: Project
) -> None:
    message = a_written_message(project, PHONE)
    join = a_written_message(project, USER_ID, OTHER_PHONE, PHONE)
    batch = a_batch([message, join], LIMIT)

    outcomes = await ledger.record(batch, LONG_ENOUGH_SECONDS)

    assert outcomes == [UNDECIDED, Kept(1, KeptAs.KNOWN_PERSON)]
    assert await record(ledger, message, limit=LIMIT) == [Kept(1, KeptAs.KNOWN_PERSON)]


async def test_what_a_link_told_is_remembered_although_its_person_is_undecided(
    ledger: MongoLeadLedger, store: Collections, project: Project
) -> None:
    captures = [a_link(project, PHONE, USER_NAME), a_written_message(project, PHONE)]

    outcomes = await ledger.record(a_batch(captures, LIMIT), LONG_ENOUGH_SECONDS)

    assert outcomes == [NOBODY_KNOWN, UNDECIDED]
    *_, links = await written(store)
    assert len(links) == 1
