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
from application.ports.errors import StorageUnavailable
from application.ports.lead_ledger import Capture, How, Kept, Outcome
from domain.lead import LeadDetails
from domain.project import Project
from tests.contracts.recording import (
    NOVEMBER,
    PLAN_FULL,
    UNWRITABLE,
    MakeHole,
    a_batch,
    fill,
    hows,
    lead_id_of,
    leads_of,
    record,
    record_one,
)
from tests.support.builders import a_capture, a_message, a_phone, a_project
from tests.support.cutting_proxy import CuttingProxy
from tests.support.mongod import Mongod

WRITE_CONCERN_FAILED = {"code": 64, "codeName": "WriteConcernFailed", "errmsg": "waiting timed out"}
TOO_LARGE = "x" * (17 * 1024 * 1024)


@pytest.fixture
async def project(projects: MongoProjectRegister) -> Project:
    project = a_project()
    await projects.add(project)
    return project


@pytest.fixture
async def proxy(mongod: Mongod) -> AsyncIterator[CuttingProxy]:
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
    assert hows(outcomes[:100] + outcomes[101:]) == [How.NEW] * 199
    assert await archive.places_taken(project.project_id, NOVEMBER) == 199


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
    mongod: Mongod, ledger: MongoLeadLedger, archive: MongoLeadArchive, project: Project
) -> None:
    captures = [a_capture(project) for _ in range(20)]

    with mongod.failing("insert", times=1, writeConcernError=WRITE_CONCERN_FAILED):
        outcomes = await record(ledger, *captures, limit=20)

    assert hows(outcomes) == [How.NEW] * 20
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

    assert hows(outcomes) == [How.NEW] * 30
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

    assert hows(outcomes) == [How.NEW] * 30
    assert await archive.places_taken(project.project_id, NOVEMBER) == 30


async def test_numbers_that_are_stale_by_thousands_are_looked_up_anew(
    mongod: Mongod,
    name: str,
    ledger: MongoLeadLedger,
    archive: MongoLeadArchive,
    project: Project,
) -> None:
    await fill(ledger, project, 3, limit=10_000)
    with mongod.client() as client:
        client[name].leads.insert_many(
            {
                "project_id": project.project_id,
                "lead_id": number,
                "month": str(NOVEMBER),
                "place": number,
            }
            for number in range(4, 5000)
        )

    outcomes = await fill(ledger, project, 50, limit=10_000)

    numbers = {lead_id_of(outcome) for outcome in outcomes}
    assert len(numbers) == 50
    assert min(numbers) >= 5000
    assert await archive.places_taken(project.project_id, NOVEMBER) == 5049


@pytest.mark.parametrize("hint", [None, -5000, 5000])
async def test_a_hint_that_is_lost_or_wrong_costs_nobody_a_lead(
    mongod: Mongod,
    name: str,
    ledger: MongoLeadLedger,
    other_ledger: MongoLeadLedger,
    archive: MongoLeadArchive,
    project: Project,
    hint: int | None,
) -> None:
    kept = []
    for number in range(12):
        one = (ledger, other_ledger)[number % 2]
        kept += [o for o in await fill(one, project, 5, limit=50) if isinstance(o, Kept)]
        with mongod.client() as client:
            if hint is None:
                client[name].hints.delete_many({})
            else:
                client[name].hints.update_many({}, {"$inc": {"next": hint}})

    assert len(kept) == 50
    assert len({one.lead_id for one in kept}) == 50
    assert await archive.places_taken(project.project_id, NOVEMBER) == 50


async def again_until_it_is_back(ledger: MongoLeadLedger, captures: list[Capture]) -> list[Outcome]:
    """As the writer does it: the same captures, until the store answers."""
    async with asyncio.timeout(20):
        while True:
            try:
                return list(await ledger.record(a_batch(captures, 30), 5.0))
            except StorageUnavailable:
                await asyncio.sleep(0.02)


async def test_a_process_that_slept_while_a_limit_was_raised_and_lowered_takes_no_closed_hole(
    database: MongoDatabase,
    other_ledger: MongoLeadLedger,
    archive: MongoLeadArchive,
    make_hole: MakeHole,
    project: Project,
) -> None:
    seconds = 0.0
    sleeper = MongoLeadLedger(database, lambda: seconds)
    await fill(sleeper, project, 5, limit=8)  # 6 is the next that it knows of
    await fill(other_ledger, project, 5, limit=12)
    await make_hole(project, NOVEMBER, 6)
    seconds = 2.5

    outcome = await record_one(sleeper, a_capture(project), limit=8)

    assert outcome == PLAN_FULL
    assert await archive.places_taken(project.project_id, NOVEMBER) == 9
