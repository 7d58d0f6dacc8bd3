"""A search for holes, against what is true of a month that holds still."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.mongodb.connection.collections import Collections
from adapters.mongodb.leads.free_places import MOST_LEARNED, MOST_LOOKS, Chunks, HoleSearch
from tests.support.memory_mongo import MemoryCollection, memory_store

OWN_DATABASE = True
MONTH = ("prj_1", "2026-11")


def store_with(taken: set[int]) -> Collections:
    store = memory_store()
    project_id, month = MONTH
    store.leads.documents += [
        {"_id": str(n), "project_id": project_id, "month": month, "place": n} for n in taken
    ]
    return store


def a_search(store: Collections, chunks: Chunks) -> HoleSearch:
    return HoleSearch(store, *MONTH, chunks)


@given(
    taken=st.sets(st.integers(1, 60)),
    limit=st.integers(1, 60),
    wanted=st.integers(1, 20),
    size=st.integers(1, 20),
)
async def test_it_finds_open_holes_alone_and_in_the_end_all_of_them(
    taken: set[int], limit: int, wanted: int, size: int
) -> None:
    store, chunks = store_with(taken), Chunks(size)
    free = [place for place in range(1, limit + 1) if place not in taken]
    open_holes = free[: max(limit - len(taken), 0)][:wanted]

    while True:  # each search that does not finish knows more full chunks, or finds holes
        search = a_search(store, chunks)
        found = await search.open_holes(limit, wanted)
        assert found == open_holes[: len(found)]
        if search.is_finished or found:
            break

    assert found == open_holes or (found and not search.is_finished)
    if search.is_finished:
        assert await search.is_full(limit) is (len(taken) >= limit)


class CountedCollection(MemoryCollection):
    """It notes how much was counted."""

    places_counted = 0

    async def count_documents(self, wanted: Any) -> int:
        count = await super().count_documents(wanted)
        self.places_counted += count
        return count


def counted(taken: set[int]) -> tuple[Collections, CountedCollection]:
    store = store_with(taken)
    leads = CountedCollection([])
    leads.documents = store.leads.documents
    return replace(store, leads=leads, latest_leads=leads), leads


async def test_a_full_month_takes_many_short_searches_and_no_count_when_it_is_known() -> None:
    store, leads = counted(set(range(1, 1001)))
    chunks = Chunks(10)
    searches = 0
    is_finished = False
    while not is_finished:
        leads.places_counted = 0
        search = a_search(store, chunks)
        assert await search.open_holes(1000, 5) == []
        is_finished = search.is_finished
        searches += 1
        assert leads.places_counted <= 10 * MOST_LEARNED
    leads.places_counted = 0

    again = a_search(store, chunks)

    assert searches == 1000 / 10 / MOST_LEARNED
    assert await again.open_holes(1000, 5) == []
    assert await again.is_full(1000)
    assert leads.places_counted == 0


@pytest.mark.parametrize("limit", [995, 1000, 1005])
async def test_full_chunks_are_known_whatever_the_limit_is_then(limit: int) -> None:
    store, leads = counted(set(range(1, 1001)))
    chunks = Chunks(10)
    for chunk in range(100):
        chunks.note_full(chunk)

    search = a_search(store, chunks)

    assert await search.open_holes(limit, 9) == list(range(1001, limit + 1))
    assert search.is_finished
    assert leads.places_counted <= 10


async def test_holes_that_are_far_apart_are_found_a_few_at_a_time() -> None:
    store, leads = counted(set(range(1, 1001)) - set(range(5, 1001, 10)))

    search = a_search(store, Chunks(10))
    found = await search.open_holes(1000, 100)

    assert found == [5, 15, 25, 35][:MOST_LOOKS]
    assert not search.is_finished
    assert leads.places_counted <= 10 * MOST_LOOKS
