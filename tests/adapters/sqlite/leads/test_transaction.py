"""New leads of a batch are few statements, and whoever asks in between sees them."""

from dataclasses import replace

import pytest

from adapters.sqlite import (
    SqliteDatabase,
    SqliteLeadArchive,
    SqliteLeadLedger,
    SqliteProjectRegister,
)
from adapters.sqlite.connection.driver import sqlite3
from adapters.sqlite.leads.transaction import MOST_ROWS
from domain.capture import Capture, Kept, KeptAs
from domain.idempotency import Idempotency
from domain.project import Project
from tests.contracts.recording import (
    NOVEMBER,
    PLAN_FULL,
    UNWRITABLE,
    MakeHole,
    fill,
    leads_of,
    record,
)
from tests.support.builders import a_capture, a_message, a_phone, a_project

HIGHEST = "SELECT CAST(json_group_array(json_array( project.value,"


@pytest.fixture
async def project(projects: SqliteProjectRegister) -> Project:
    project = a_project()
    await projects.add(project)
    return project


@pytest.fixture
async def statements(database: SqliteDatabase) -> list[str]:
    """The first words of what is executed from now on."""
    said: list[str] = []

    def note(statement: str) -> None:
        said.append(" ".join(statement.split()[:3]))

    await database.write(lambda connection: connection.set_trace_callback(note))
    said.clear()
    return said


def fresh(project: Project, number: int) -> list[Capture]:
    """As a call makes them that has neither a key nor a message."""
    return [a_capture(project, is_fresh=True) for _ in range(number)]


def new(*numbers: int) -> list[Kept]:
    return [Kept(number, KeptAs.NEW) for number in numbers]


@pytest.mark.parametrize("number", [1, MOST_ROWS, MOST_ROWS + 1, 200])
async def test_fresh_leads_are_kept_each_as_itself_however_many_come_together(
    ledger: SqliteLeadLedger,
    archive: SqliteLeadArchive,
    project: Project,
    statements: list[str],
    number: int,
) -> None:
    captures = fresh(project, number)

    outcomes = await record(ledger, *captures)

    assert statements.count("INSERT INTO leads") == -(-number // MOST_ROWS)
    assert outcomes == new(*range(1, number + 1))
    leads = await leads_of(archive, project)
    assert [(lead.request_id, lead.details) for lead in leads] == [
        (capture.request_id, capture.details) for capture in captures
    ]


async def test_a_batch_of_fresh_leads_is_one_question_and_one_insert(
    ledger: SqliteLeadLedger, project: Project, statements: list[str]
) -> None:
    await record(ledger, *fresh(project, 50))

    assert statements == [
        "BEGIN IMMEDIATE",
        HIGHEST,
        "INSERT INTO leads",
        "COMMIT",
    ]


async def test_leads_of_many_projects_are_one_question_too_and_each_has_its_own_numbers(
    ledger: SqliteLeadLedger,
    projects: SqliteProjectRegister,
    by_hand: sqlite3.Connection,
    statements: list[str],
) -> None:
    many = [a_project() for _ in range(70)]
    for project in many:
        await projects.add(project)
    await record(ledger, *fresh(many[0], 2), *fresh(many[1], 1), limit=3)
    statements.clear()

    outcomes = await record(
        ledger, *(a_capture(project, is_fresh=True) for project in many * 2), limit=3
    )

    assert outcomes[:70] == [*new(3, 2), *new(1) * 68]
    assert outcomes[70:] == [PLAN_FULL, *new(3), *new(2) * 68]
    assert statements.count(HIGHEST) == 1
    assert by_hand.execute("SELECT count(*) FROM leads WHERE place != lead_id").fetchone() == (0,)


async def test_a_key_sees_the_lead_right_before_it_in_its_batch(
    ledger: SqliteLeadLedger, archive: SqliteLeadArchive, project: Project
) -> None:
    key = Idempotency("key-1", b"same")
    before, after = fresh(project, 2)
    first, again, other = (
        a_capture(project, is_fresh=True, idempotency=one)
        for one in (key, key, replace(key, key="key-2"))
    )

    outcomes = await record(ledger, before, first, again, after, other)

    assert outcomes == [*new(1, 2), Kept(2, KeptAs.REPLAYED), *new(3, 4)]
    assert len(await leads_of(archive, project)) == 4


async def test_a_capture_that_is_tried_again_sees_its_own_lead_in_the_same_batch(
    ledger: SqliteLeadLedger, project: Project
) -> None:
    [first] = fresh(project, 1)

    assert await record(ledger, first, replace(first, is_fresh=False)) == new(1) * 2


async def test_a_persons_lead_is_there_before_her_message_names_it(
    ledger: SqliteLeadLedger, archive: SqliteLeadArchive, project: Project
) -> None:
    ada = (a_phone("12025550147"),)
    hello, more = (
        a_capture(project, is_fresh=True, identities=ada, message=a_message()) for _ in range(2)
    )

    outcomes = await record(ledger, *fresh(project, 1), hello, more)

    assert outcomes == [*new(1, 2), Kept(2, KeptAs.KNOWN_PERSON)]
    lead = await archive.get(project.project_id, 2)
    assert lead is not None
    assert lead.messages == (hello.message, more.message)


async def test_what_no_row_can_hold_fails_alone_among_fresh_leads(
    ledger: SqliteLeadLedger, archive: SqliteLeadArchive, project: Project
) -> None:
    before, odd, after = fresh(project, 3)

    outcomes = await record(ledger, before, replace(odd, capture_id="\ud800"), after)

    assert outcomes == [*new(1), UNWRITABLE, *new(2)]
    assert len(await leads_of(archive, project)) == 2


async def test_a_month_that_becomes_full_in_the_middle_of_a_batch_is_full_for_the_rest(
    ledger: SqliteLeadLedger, archive: SqliteLeadArchive, project: Project
) -> None:
    await fill(ledger, project, 3, limit=100)

    outcomes = await record(ledger, *fresh(project, 120), limit=100)

    assert outcomes == [*new(*range(4, 101)), *[PLAN_FULL] * 23]
    assert await archive.places_taken(project.project_id, NOVEMBER) == 100
    assert await record(ledger, *fresh(project, 2), limit=101) == [*new(101), PLAN_FULL]


async def test_free_places_below_are_taken_before_a_month_is_full_in_the_middle_of_a_batch(
    ledger: SqliteLeadLedger,
    make_hole: MakeHole,
    by_hand: sqlite3.Connection,
    project: Project,
) -> None:
    await fill(ledger, project, 10, limit=100)
    for place in (2, 4, 6):
        await make_hole(project, NOVEMBER, place)

    outcomes = await record(ledger, *fresh(project, 100), limit=90)

    assert outcomes == [*new(*range(11, 94)), *[PLAN_FULL] * 17]
    places = [row[0] for row in by_hand.execute("SELECT place FROM leads ORDER BY lead_id")]
    assert places[-5:] == [89, 90, 2, 4, 6]
    assert sorted(places) == [*range(1, 91)]


async def test_what_does_not_count_takes_no_place_of_the_fresh_leads_around_it(
    ledger: SqliteLeadLedger, project: Project
) -> None:
    first, free, second, refused = fresh(project, 4)

    outcomes = await record(ledger, first, replace(free, counts=False), second, refused, limit=2)

    assert outcomes == [*new(1, 2, 3), PLAN_FULL]
