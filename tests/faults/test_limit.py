"""
Two processes, one SQLite file: the limit is exact, and nobody is refused while a place is free.

Processes that share a MongoDB are in `test_four_processes`.
"""

import asyncio
from collections import Counter

import pytest

from tests.support.by_hand import places_of
from tests.support.load import post_together
from tests.support.program import Server, serving
from tests.support.repetitions import times
from tests.support.sabotage import program
from tests.support.stores import SQLITE, Account, Store

LIMIT = 50
REPETITIONS = times(20, quick=2)
POSTS = [{"name": f"Person {number}"} for number in range(200)]
pytestmark = pytest.mark.parametrize("shared", [SQLITE], indirect=True, scope="module")


async def assert_exactly(servers: list[Server], store: Store, account: Account, free: int) -> None:
    """200 posts at once: *free* of them get in, the others are told the plan is full."""
    answers = await post_together([server.port for server in servers], account, POSTS)
    statuses = Counter(answer.status if answer else None for answer in answers)
    ids = [a.json()["lead_id"] for a in answers if a is not None and a.status == 201]

    assert statuses == Counter({201: free, 429: len(POSTS) - free})
    assert len(set(ids)) == free
    places = places_of(store, account)
    assert len(places) == len(set(places))
    assert len([place for place in places if place <= LIMIT]) <= LIMIT


async def test_200_posts_over_two_processes_with_50_places_give_exactly_50_leads(
    pair: list[Server], shared: Store
) -> None:
    for _ in range(REPETITIONS):
        account = await asyncio.to_thread(shared.account, monthly_limit=LIMIT)

        await assert_exactly(pair, shared, account, free=LIMIT)


async def test_a_process_killed_inside_its_transaction_leaves_nothing_half_done(
    pair: list[Server], shared: Store
) -> None:
    account = await asyncio.to_thread(shared.account, monthly_limit=LIMIT)
    with serving(shared, program=program("die-half-way")) as dying:
        await post_together([dying.port], account, POSTS[:3])
        await post_together([dying.port], account, POSTS[:3])
        assert await asyncio.to_thread(dying.process.wait, 10) == -9
    free = LIMIT - len(places_of(shared, account))

    assert free < LIMIT
    await assert_exactly(pair, shared, account, free=free)
    assert sorted(places_of(shared, account)) == list(range(1, LIMIT + 1))


async def test_a_limit_lowered_and_raised_is_exact_once_it_is_in_force(
    pair: list[Server], shared: Store
) -> None:
    account = await asyncio.to_thread(shared.account, monthly_limit=30)
    await assert_exactly(pair, shared, account, free=30)
    for limit, free in ((20, 0), (LIMIT, 20)):
        await asyncio.to_thread(shared.update, account, monthly_limit=limit)
        await asyncio.sleep(2)  # the promise: a change is in force everywhere within two seconds

        await assert_exactly(pair, shared, account, free=free)
    assert sorted(places_of(shared, account)) == list(range(1, LIMIT + 1))
