"""Sums of leads where numbers have gaps, and where there are more than are counted at once."""

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest

from adapters.mongodb import MongoDatabase
from adapters.mongodb.archive import lead_sums
from adapters.mongodb.archive.lead_sums import COUNT_AGAIN_SECONDS, MongoLeadSums
from adapters.mongodb.connection.schema import SCHEMA_VERSION
from adapters.mongodb.leads.writing import touched
from adapters.store_tools import lead_sums as store_tools
from adapters.store_tools.lead_sums import CHUNK
from domain.errors import Advice, AdviceCode, StoreUnusable
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


async def test_all_that_the_server_counts_is_read_however_much_it_is(
    database: MongoDatabase, leads: Any
) -> None:
    """Of one answer a server sends 16 MB at most; the rest comes when it is asked for."""
    long = "x" * 4_000
    leads.insert_many(
        {
            "project_id": "p",
            "lead_id": number,
            "channel": "rest",
            "captured_at": NOW,
            "campaign": f"{long}{number}",
        }
        for number in range(1, CHUNK)
    )

    assert await counted(MongoLeadSums(database)) == [CHUNK - 1]


async def test_what_is_kept_of_a_restored_dump_is_counted_again_once_a_lead_was_changed(
    database: MongoDatabase, leads: Any, server: Any, name: str
) -> None:
    insert(leads, range(1, CHUNK + 1))
    sums = MongoLeadSums(database)
    await counted(sums)
    leads.update_one({"lead_id": 7}, {"$set": {"source": "a"}, **touched()})
    await counted(sums)  # kept with this source
    leads.update_one({"lead_id": 7}, {"$unset": {"source": "", "touches": ""}})  # as in the dump
    leads.update_one({"lead_id": 8}, {"$set": {"source": "b"}, **touched()})

    (chunk,) = (await MongoLeadSums(database).of(["p"]))["p"]

    assert chunk.sources == {None, "b"}


async def test_a_store_that_does_not_note_where_leads_came_from_is_not_counted(
    database: MongoDatabase, server: Any, name: str
) -> None:
    server[name].about.update_one({"_id": "schema"}, {"$set": {"version": 7}})

    with pytest.raises(StoreUnusable) as caught:
        await MongoLeadSums(database).of(["p"])

    server[name].about.update_one({"_id": "schema"}, {"$set": {"version": SCHEMA_VERSION}})
    assert caught.value.advice == (Advice(AdviceCode.START_SERVICE),)


async def test_two_who_look_at_once_let_nobody_s_chunks_be_missing(
    database: MongoDatabase, leads: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_tools, "MOST_REMEMBERED", 1)
    insert(leads, range(1, CHUNK + 3))
    leads.update_many({"lead_id": {"$lte": CHUNK}}, {"$set": {"channel": "other"}})
    leads.insert_one({"project_id": "q", "lead_id": 1, "channel": "rest", "captured_at": NOW})
    sums = MongoLeadSums(database)

    looks = await asyncio.gather(*(sums.of(["p", "q"]) for _ in range(3)))
    looks += [await sums.of(["q", "p"])]

    assert [[len(look["p"]), len(look["q"])] for look in looks] == [[2, 1]] * 4


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
