"""What a process remembers of free numbers and places may be wrong in any way."""

import pytest

from adapters.mongodb import (
    MongoDatabase,
    MongoLeadArchive,
    MongoLeadLedger,
    MongoProjectRegister,
)
from adapters.mongodb.leads import places
from adapters.mongodb.leads.numbers import Recent
from application.capture.lead_writer import WriterLimits
from application.process import settings_cache
from domain.capture import Kept, KeptAs, NotKeptBecause
from domain.project import Project
from tests.contracts.lead_ledger.idempotency import a_keyed_capture
from tests.contracts.recording import (
    NOVEMBER,
    PLAN_FULL,
    MakeHole,
    PassTime,
    fill,
    hows,
    lead_id_of,
    record,
    record_one,
)
from tests.support.builders import a_capture, a_project
from tests.support.servers.mongod import RunningMongod


@pytest.fixture
async def project(projects: MongoProjectRegister) -> Project:
    project = a_project()
    await projects.add(project)
    return project


def test_the_places_wait_as_long_as_settings_live_and_writes_take() -> None:
    assert places.SETTINGS_SECONDS == settings_cache.EXPIRES_AFTER_SECONDS
    assert WriterLimits().deadline_seconds == places.WRITE_SECONDS


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

    assert {lead_id_of(outcome) for outcome in outcomes} == set(range(5000, 5050))
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


@pytest.mark.parametrize("holes", [(3, 5, 7), (3, 9, 10)], ids=["below", "above"])
async def test_holes_stay_closed_for_what_another_process_took_with_an_older_limit(
    ledger: MongoLeadLedger,
    other_ledger: MongoLeadLedger,
    archive: MongoLeadArchive,
    make_hole: MakeHole,
    pass_time: PassTime,
    project: Project,
    holes: tuple[int, ...],
) -> None:
    """The limit is lowered from 20 to 10; for two seconds another process may not know it."""
    captures = [a_keyed_capture(project), *(a_capture(project) for _ in range(9))]
    await record(other_ledger, *captures, limit=20)
    for place in holes:
        await make_hole(project, NOVEMBER, place)
    pass_time(6.8)
    assert hows(await fill(ledger, project, 1, limit=10)) == [KeptAs.NEW]
    pass_time(0.1)
    late = [a_capture(project) for _ in range(3)]
    # The replay leaves out the very number and place that the first ledger has in mind.
    await record(other_ledger, a_keyed_capture(project), *late, limit=20)
    taken = await archive.places_taken(project.project_id, NOVEMBER)
    pass_time(1.7)

    outcomes = await fill(ledger, project, 2, limit=10)

    assert hows(outcomes) == [NotKeptBecause.PLAN_FULL] * 2
    assert await archive.places_taken(project.project_id, NOVEMBER) == taken == 11


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


def test_a_value_is_made_once_for_as_long_as_it_is_used() -> None:
    recent: Recent[str, list[str]] = Recent(lambda key: [key], capacity=2)

    first = recent["a"]

    assert recent["b"] == ["b"]
    assert recent["a"] is first


def test_beyond_its_capacity_the_longest_unused_value_is_forgotten_and_no_other() -> None:
    recent: Recent[str, list[str]] = Recent(lambda key: [key], capacity=2)
    a, b = recent["a"], recent["b"]

    recent["a"], recent["c"]

    assert recent["a"] is a
    assert recent["b"] is not b
