"""What a lead takes from later captures is written once, beside what it said at first."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from pymongo import UpdateOne

from adapters.mongodb import MongoLeadLedger
from adapters.mongodb.connection.collections import Collections
from domain.lead import LeadDetails
from domain.project import Project
from tests.contracts.people import PHONE, USER_ID, a_written_message
from tests.contracts.recording import record, record_one
from tests.support.builders import a_project
from tests.support.faulty_store import Fault, FaultyDatabase
from tests.support.memory_mongo import memory_store

CLICKED = LeadDetails(attributes={"ctwa_clid": "ARA", "$set": {"a.b": 1}})


@dataclass
class Watched(Fault):
    """Writes down every change of leads."""

    changes: list[UpdateOne] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    async def write(self, write_many: Any, them: Any, **options: Any) -> Any:
        self.changes += [one for one in them if isinstance(one, UpdateOne)]
        return await super().write(write_many, them, **options)


@pytest.fixture
def store() -> Collections:
    return memory_store()


@pytest.fixture
def watched() -> Watched:
    return Watched()


@pytest.fixture
def ledger(store: Collections, watched: Watched) -> MongoLeadLedger:
    database = FaultyDatabase(store)
    database.fault = watched
    return MongoLeadLedger(database)  # type: ignore[arg-type]


@pytest.fixture
def project() -> Project:
    return a_project()


async def test_what_brings_nothing_new_changes_no_lead(
    ledger: MongoLeadLedger, watched: Watched, project: Project
) -> None:
    captures = [a_written_message(project, details=CLICKED) for _ in range(5)]

    await record(ledger, *captures[:3])
    await record(ledger, *captures[3:])

    assert watched.changes == []


async def test_a_thousand_messages_that_say_the_same_change_a_lead_once(
    ledger: MongoLeadLedger, watched: Watched, project: Project
) -> None:
    await record_one(ledger, a_written_message(project, details=LeadDetails(name="Ada")))

    await record(ledger, *(a_written_message(project, details=CLICKED) for _ in range(1000)))

    assert len(watched.changes) == 1


async def test_who_has_an_ad_is_not_changed_by_another_one_nor_by_a_joined_lead_s(
    ledger: MongoLeadLedger, watched: Watched, project: Project
) -> None:
    other = LeadDetails(attributes={"source_id": "2", "headline": "Another one"})
    together: Any = {"together": (frozenset({"ctwa_clid", "source_id", "headline"}),)}
    await record_one(ledger, a_written_message(project, PHONE, details=CLICKED, **together))
    await record_one(ledger, a_written_message(project, USER_ID, details=other, **together))

    for _ in range(3):
        both = a_written_message(project, PHONE, USER_ID, details=other, **together)
        await record_one(ledger, both)

    (pointer,) = watched.changes
    assert pointer._doc["$set"] == {"joined_into": 1}


async def test_after_a_join_the_earlier_lead_is_filled_once(
    ledger: MongoLeadLedger, watched: Watched, project: Project
) -> None:
    await record_one(ledger, a_written_message(project, PHONE))
    await record_one(ledger, a_written_message(project, USER_ID, details=CLICKED))
    for _ in range(3):
        await record_one(ledger, a_written_message(project, PHONE, USER_ID))

    pointer, filling = watched.changes
    assert pointer._doc["$set"] == {"joined_into": 1}
    assert list(filling._doc["$push"]) == ["later_details"]


async def test_no_key_of_a_sender_is_ever_a_fields_name(
    ledger: MongoLeadLedger, store: Collections, project: Project
) -> None:
    for details in (LeadDetails(), CLICKED):
        await record_one(ledger, a_written_message(project, details=details))

    lead = await store.leads.find_one({"project_id": project.project_id})
    assert lead["details"] == {}
    assert lead["later_details"] == ['{"attributes":{"ctwa_clid":"ARA","$set":{"a.b":1}}}']
