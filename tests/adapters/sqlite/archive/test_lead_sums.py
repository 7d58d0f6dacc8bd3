"""What is kept of sums goes with the change of a lead, whoever makes it."""

import asyncio

import pytest

from adapters.sqlite import SqliteLeadArchive, SqliteLeadLedger, SqliteProjectRegister
from adapters.sqlite.connection.driver import sqlite3
from adapters.store_tools import lead_sums
from domain.project import Project
from tests.contracts.recording import fill
from tests.support.builders import a_project

MORE_THAN_A_CHUNK = 5_001


@pytest.fixture
async def project(projects: SqliteProjectRegister) -> Project:
    project = a_project()
    await projects.add(project)
    return project


async def counted(archive: SqliteLeadArchive, project: Project) -> list[int]:
    chunks = (await archive.sums([project.project_id]))[project.project_id]
    return [sum(one.leads for one in chunk.sums) for chunk in chunks]


async def test_what_is_forgotten_while_somebody_looks_is_not_missing(
    archive: SqliteLeadArchive,
    ledger: SqliteLeadLedger,
    projects: SqliteProjectRegister,
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lead_sums, "MOST_REMEMBERED", 1)
    monkeypatch.setattr(lead_sums, "CHUNK", 50)
    other = a_project()
    await projects.add(other)
    for one in (project, other):
        await fill(ledger, one, 51)
    asked = [project.project_id, other.project_id]

    looks = [await archive.sums(asked) for _ in range(2)]
    looks += await asyncio.gather(*(archive.sums(asked[::turn]) for turn in (1, -1, 1)))

    assert [[len(look[one]) for one in asked] for look in looks] == [[2, 2]] * 5


CHANGES = (
    ('UPDATE leads SET details = \'{"name":"B"}\' WHERE lead_id = 7', 5_000, True),
    ("UPDATE leads SET source = 'x' WHERE lead_id = 7", 5_000, False),
    ("UPDATE leads SET joined_into = 1 WHERE lead_id = 7", 4_999, False),
    ("DELETE FROM leads WHERE lead_id = 8", 4_998, False),
)
"""What somebody does by hand, how many leads are left, and whether what was kept is true."""


async def test_a_chunk_is_counted_again_where_what_it_counts_was_changed(
    archive: SqliteLeadArchive,
    ledger: SqliteLeadLedger,
    project: Project,
    by_hand: sqlite3.Connection,
) -> None:
    await fill(ledger, project, MORE_THAN_A_CHUNK)
    await counted(archive, project)
    kept = by_hand.execute("SELECT number FROM lead_sums").fetchall()

    for change, left, is_kept in CHANGES:
        by_hand.execute(change)
        assert await counted(archive, project) == [left, 1]
        before, kept = kept, by_hand.execute("SELECT number FROM lead_sums").fetchall()
        assert (kept == before) is is_kept
