from typing import Any

import pytest

from adapters.mongodb import MongoDatabase
from adapters.mongodb.archive.place_counts import PlaceCounts
from tests.contracts.lead_archive.lead_archive import LeadArchiveContract

OWN_DATABASE = True
MONTH = "2026-11"


class TestMongoLeadArchive(LeadArchiveContract):
    pass


@pytest.fixture
def leads(server: Any, name: str, database: MongoDatabase) -> Any:
    """The collection, past all of our code."""
    return server[name].leads


def fill(leads: Any, project_id: str, *places: int, month: str = MONTH) -> None:
    leads.insert_many(
        {"project_id": project_id, "lead_id": place, "month": month, "place": place}
        for place in places
    )


async def count(
    counts: PlaceCounts, database: MongoDatabase, *project_ids: str, month: str = MONTH
) -> dict[str, int]:
    with database.work() as store:
        return dict(await counts(store.leads, project_ids, month))


async def test_each_look_counts_what_has_come_since(database: MongoDatabase, leads: Any) -> None:
    counts = PlaceCounts(chunk=3)
    fill(leads, "p", *range(1, 5), 6, *range(8, 15))
    fill(leads, "q", 2)
    looks = [await count(counts, database, "p", "q", "none")]
    fill(leads, "p", 5, 100)
    fill(leads, "q", 1, 3, 4)
    looks += [await count(counts, database, "p", "q", "none") for _ in range(2)]

    assert looks[0] == {"p": 12, "q": 1, "none": 0}
    assert looks[1:] == [{"p": 14, "q": 4, "none": 0}] * 2


async def test_what_is_full_is_not_counted_again(database: MongoDatabase, leads: Any) -> None:
    counts = PlaceCounts(chunk=3)
    fill(leads, "p", *range(1, 6), 7, 8, 9)
    await count(counts, database, "p")
    leads.delete_many({"project_id": "p", "place": {"$in": [2, 5, 8]}})

    assert await count(counts, database, "p") == {"p": 7}


async def test_another_month_is_counted_anew(database: MongoDatabase, leads: Any) -> None:
    counts = PlaceCounts(chunk=3)
    fill(leads, "p", *range(1, 5))
    await count(counts, database, "p")

    assert await count(counts, database, "p", month="2026-12") == {"p": 0}
    assert await count(counts, database, "p") == {"p": 4}


async def test_this_month_is_remembered_while_the_one_before_is_looked_at(
    database: MongoDatabase, leads: Any
) -> None:
    counts = PlaceCounts(chunk=3)
    fill(leads, "p", *range(1, 5))
    await count(counts, database, "p")
    await count(counts, database, "p", month="2026-10")
    leads.delete_many({"project_id": "p", "place": 2})

    assert await count(counts, database, "p") == {"p": 4}


async def test_the_next_look_at_several_projects_reads_no_lead(
    database: MongoDatabase, leads: Any, server: Any, name: str
) -> None:
    counts, projects = PlaceCounts(chunk=100), ("p", "q", "r")
    for project_id in projects:
        fill(leads, project_id, *range(1, 1_150))
    await count(counts, database, *projects)
    server[name].command("profile", 2)
    found = await count(counts, database, *projects)
    server[name].command("profile", 0)
    [seen] = server[name]["system.profile"].find({"command.aggregate": "leads"})

    assert found == dict.fromkeys(projects, 1_149)
    assert (seen["docsExamined"], seen["keysExamined"] < 200) == (0, True)
