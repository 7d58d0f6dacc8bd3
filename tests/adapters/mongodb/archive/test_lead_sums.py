"""Sums of leads where numbers have gaps, and where there are more than are counted at once."""

from collections.abc import Iterable
from typing import Any

import pytest

from adapters.mongodb import MongoDatabase
from adapters.mongodb.archive import lead_sums
from adapters.mongodb.archive.lead_sums import COUNT_AGAIN_SECONDS, MongoLeadSums
from adapters.store_tools.lead_sums import CHUNK
from tests.support.builders import NOW
from tests.support.clocks import StillClock

OWN_DATABASE = True


@pytest.fixture
def leads(server: Any, name: str, database: MongoDatabase) -> Any:
    """The collection, past all of our code."""
    return server[name].leads


def insert(leads: Any, numbers: Iterable[int]) -> None:
    leads.insert_many(
        {"project_id": "p", "lead_id": n, "channel": "rest", "captured_at": NOW} for n in numbers
    )


async def counted(sums: MongoLeadSums) -> list[int]:
    chunks = (await sums.of(["p"]))["p"]
    return [sum(one.leads for one in chunk.sums) for chunk in chunks]


async def test_more_leads_than_are_counted_at_once_are_counted_one_part_after_the_other(
    database: MongoDatabase, leads: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lead_sums, "AT_ONCE", CHUNK + 10)
    monkeypatch.setattr(lead_sums, "FEWEST", 10)
    insert(leads, range(1, 2 * CHUNK + 100))

    assert await counted(MongoLeadSums(database)) == [CHUNK, CHUNK, 99]
    assert await counted(MongoLeadSums(database)) == [CHUNK, CHUNK, 99]


async def test_a_chunk_with_gaps_is_counted_again_now_and_then(
    database: MongoDatabase, leads: Any
) -> None:
    clock = StillClock()
    sums = MongoLeadSums(database, clock.monotonic)
    insert(leads, [1, 3, 8 * CHUNK])
    looks = [await counted(sums)]
    insert(leads, [2])  # by a writer that was frozen
    looks.append(await counted(sums))
    clock.advance(COUNT_AGAIN_SECONDS)
    looks.append(await counted(sums))

    assert looks == [[2, 1], [2, 1], [3, 1]]
