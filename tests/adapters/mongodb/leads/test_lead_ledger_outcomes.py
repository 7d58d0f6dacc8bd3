"""The outcome is always known: whatever the server says, or does not say."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from adapters.mongodb import (
    MongoDatabase,
    MongoLeadArchive,
    MongoLeadLedger,
    MongoProjectRegister,
)
from adapters.mongodb.leads.documents import LARGEST_LEAD_BYTES
from domain.capture import Capture, KeptAs, Outcome
from domain.errors import StorageUnavailable
from domain.lead import LeadDetails
from domain.leads.filling import LARGEST_FILLED_BYTES, MOST_ATTRIBUTES
from domain.project import Project
from tests.contracts.recording import (
    NOVEMBER,
    UNWRITABLE,
    a_batch,
    hows,
    lead_id_of,
    leads_of,
    record,
)
from tests.support.builders import a_capture, a_message, a_phone, a_project
from tests.support.servers.cutting_proxy import CuttingProxy
from tests.support.servers.mongod import RunningMongod

OWN_DATABASE = True
WRITE_CONCERN_FAILED = {"code": 64, "codeName": "WriteConcernFailed", "errmsg": "waiting timed out"}
TOO_LARGE = "x" * (17 * 1024 * 1024)


@pytest.fixture
async def project(projects: MongoProjectRegister) -> Project:
    project = a_project()
    await projects.add(project)
    return project


@pytest.fixture
async def proxy(mongod: RunningMongod) -> AsyncIterator[CuttingProxy]:
    async with CuttingProxy(mongod.port) as proxy:
        yield proxy


@pytest.fixture
async def cut_ledger(
    proxy: CuttingProxy, driver: str, name: str, database: MongoDatabase
) -> AsyncIterator[MongoLeadLedger]:
    """A ledger over the same store, whose answers can be lost on the way."""
    url = f"mongodb://127.0.0.1:{proxy.port}/{name}?directConnection=true"
    through_proxy = MongoDatabase(url, driver)
    async with through_proxy.opened(create=False):
        yield MongoLeadLedger(through_proxy)


async def test_a_poisonous_capture_among_199_good_ones_fails_alone(
    ledger: MongoLeadLedger, archive: MongoLeadArchive, project: Project
) -> None:
    captures = [a_capture(project) for _ in range(200)]
    captures[100] = a_capture(project, details=LeadDetails(attributes={"text": TOO_LARGE}))

    outcomes = await record(ledger, *captures, limit=199)

    assert outcomes[100] == UNWRITABLE
    assert hows(outcomes[:100] + outcomes[101:]) == [KeptAs.NEW] * 199
    assert await archive.places_taken(project.project_id, NOVEMBER) == 199


@pytest.mark.parametrize("driver", ["motor"], indirect=True)  # the size is the server's to judge
async def test_the_largest_lead_has_room_for_all_that_it_takes_later(
    ledger: MongoLeadLedger, archive: MongoLeadArchive, project: Project
) -> None:
    own = {"own": "x" * (LARGEST_LEAD_BYTES - 1000)}
    large = "x" * (LARGEST_FILLED_BYTES - 20)
    later = [{str(number): large} for number in range(2 * MOST_ATTRIBUTES)]
    person = (a_phone("12025550147"),)
    captures = [
        a_capture(project, identities=person, details=LeadDetails(attributes=attributes))
        for attributes in (own, *later)
    ]

    outcomes = await record(ledger, *captures)

    assert hows(outcomes) == [KeptAs.NEW, *[KeptAs.KNOWN_PERSON] * len(later)]
    (lead,) = await leads_of(archive, project)
    assert len(lead.details.attributes) == MOST_ATTRIBUTES
    assert own.items() <= lead.details.attributes.items()


async def test_a_message_that_no_document_can_hold_fails_alone(
    ledger: MongoLeadLedger, archive: MongoLeadArchive, project: Project
) -> None:
    large = a_capture(
        project, identities=(a_phone("12025550147"),), message=a_message(raw=TOO_LARGE)
    )

    outcomes = await record(ledger, a_capture(project), large, a_capture(project))

    assert outcomes[1] == UNWRITABLE
    assert len(await leads_of(archive, project)) == 2


async def test_a_write_concern_error_beside_inserted_documents_is_read_back(
    mongod: RunningMongod, ledger: MongoLeadLedger, archive: MongoLeadArchive, project: Project
) -> None:
    captures = [a_capture(project) for _ in range(20)]

    with mongod.failing("insert", times=1, writeConcernError=WRITE_CONCERN_FAILED):
        outcomes = await record(ledger, *captures, limit=20)

    assert hows(outcomes) == [KeptAs.NEW] * 20
    assert {lead_id_of(o) for o in outcomes} == {
        lead.lead_id for lead in await leads_of(archive, project)
    }
    assert await archive.places_taken(project.project_id, NOVEMBER) == 20


async def test_an_insert_that_was_done_before_its_answer_was_lost_is_found_again(
    cut_ledger: MongoLeadLedger,
    proxy: CuttingProxy,
    archive: MongoLeadArchive,
    project: Project,
) -> None:
    captures = [a_capture(project) for _ in range(30)]
    proxy.swallow(b"insert")  # those to the driver's own further tries as well

    with pytest.raises(StorageUnavailable):
        await cut_ledger.record(a_batch(captures, 30), 0.5)
    proxy.let_go()
    outcomes = await again_until_it_is_back(cut_ledger, captures)

    assert hows(outcomes) == [KeptAs.NEW] * 30
    assert len({lead_id_of(outcome) for outcome in outcomes}) == 30
    assert await archive.places_taken(project.project_id, NOVEMBER) == 30
    assert proxy.swallowed >= 1


async def test_an_insert_that_times_out_after_it_was_done_is_found_again(
    cut_ledger: MongoLeadLedger,
    proxy: CuttingProxy,
    archive: MongoLeadArchive,
    project: Project,
) -> None:
    captures = [a_capture(project) for _ in range(30)]
    proxy.hold_back(b"insert")

    with pytest.raises(StorageUnavailable):
        await cut_ledger.record(a_batch(captures, 30), 0.5)
    proxy.let_go()
    outcomes = await again_until_it_is_back(cut_ledger, captures)

    assert hows(outcomes) == [KeptAs.NEW] * 30
    assert await archive.places_taken(project.project_id, NOVEMBER) == 30


async def again_until_it_is_back(ledger: MongoLeadLedger, captures: list[Capture]) -> list[Outcome]:
    """As the writer does it: the same captures, until the store answers."""
    async with asyncio.timeout(20):
        while True:
            try:
                return list(await ledger.record(a_batch(captures, 30), 5.0))
            except StorageUnavailable:
                await asyncio.sleep(0.02)
