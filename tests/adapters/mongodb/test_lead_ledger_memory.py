"""What a process remembers of free numbers and places may be wrong in any way."""

import pytest

from adapters.mongodb import (
    MongoDatabase,
    MongoLeadArchive,
    MongoLeadLedger,
    MongoProjectRegister,
)
from application.ports.lead_ledger import Kept
from domain.project import Project
from tests.contracts.recording import (
    NOVEMBER,
    PLAN_FULL,
    MakeHole,
    fill,
    lead_id_of,
    record_one,
)
from tests.support.builders import a_capture, a_project
from tests.support.mongod import RunningMongod


@pytest.fixture
async def project(projects: MongoProjectRegister) -> Project:
    project = a_project()
    await projects.add(project)
    return project


async def test_numbers_that_are_stale_by_thousands_are_looked_up_anew(
    mongod: RunningMongod,
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
    mongod: RunningMongod,
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
