"""Which places one process gives to its writes, of which several are under way at once."""

from typing import Any

import pytest

from adapters.mongodb.leads.free_places import Chunks
from adapters.mongodb.leads.numbers import REMEMBERED_FOR_SECONDS
from adapters.mongodb.leads.places import UNSETTLED_SECONDS, Shelf, take
from tests.support.clocks import ShiftedMonotonic
from tests.support.memory_mongo import memory_store

LIMIT = 100


@pytest.fixture
def monotonic() -> ShiftedMonotonic:
    return ShiftedMonotonic()


@pytest.fixture
def shelf(monotonic: ShiftedMonotonic) -> Shelf:
    shelf = Shelf("prj_1", "2026-11", monotonic, Chunks(50))
    shelf.begin_round(LIMIT)
    return shelf


async def places(store: Any, shelf: Shelf, count: int) -> list[int]:
    return (await take(store, shelf, count)).places


@pytest.mark.parametrize("after", [0.0, REMEMBERED_FOR_SECONDS + UNSETTLED_SECONDS])
async def test_what_another_write_of_this_process_has_is_not_taken_again_when_all_is_learned_anew(
    monotonic: ShiftedMonotonic, shelf: Shelf, after: float
) -> None:
    store = memory_store()
    first = await places(store, shelf, 3)
    monotonic.advance(after)
    shelf.begin_round(LIMIT)
    second = await places(store, shelf, 2)

    assert (first, second) == ([1, 2, 3], [4, 5])


async def test_what_a_failed_write_had_is_looked_up_again(shelf: Shelf) -> None:
    store = memory_store()
    await places(store, shelf, 3)
    shelf.forget()

    assert await places(store, shelf, 2) == [1, 2]


async def test_a_place_that_was_given_back_is_the_next_one_also_when_all_is_learned_anew(
    shelf: Shelf,
) -> None:
    store = memory_store()
    await places(store, shelf, 3)
    shelf.give_back(3, shelf.age)
    shelf.begin_round(LIMIT)

    assert await places(store, shelf, 1) == [3]


@pytest.mark.parametrize(
    ("taken", "limit", "is_known"), [(0, LIMIT, False), (3, LIMIT, True), (3, None, True)]
)
async def test_it_is_known_where_the_next_place_is(
    shelf: Shelf, taken: int, limit: int | None, is_known: bool
) -> None:
    shelf.begin_round(limit)
    await places(memory_store(), shelf, taken)

    assert shelf.is_known == is_known


async def test_a_month_with_nothing_free_above_is_to_be_searched(shelf: Shelf) -> None:
    shelf.begin_round(3)
    await places(memory_store(), shelf, 3)

    assert not shelf.is_known
