"""One MongoDB, four processes, and the same promise: the limit is exact."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.support.by_hand import make_holes, places_of
from tests.support.load import post_together
from tests.support.program import Server, serving
from tests.support.repetitions import times
from tests.support.servers.processes import freeze, thaw
from tests.support.stores import Account, Store

LIMIT = 50
PROCESSES = 4
POSTS = [{"name": f"Person {number}"} for number in range(200)]
REPETITIONS = times(100, quick=2)


@pytest.fixture(scope="module")
def four(on_mongodb: Store) -> Iterator[list[Server]]:
    on_mongodb.account("first")
    with ExitStack() as stack:
        yield [stack.enter_context(serving(on_mongodb)) for _ in range(PROCESSES)]


async def statuses(servers: list[Server], account: Account, posts: int = 200) -> Counter[int]:
    answers = await post_together([server.port for server in servers], account, POSTS[:posts])
    return Counter(answer.status if answer else 0 for answer in answers)


async def test_200_posts_over_four_processes_with_50_places_give_exactly_50_leads(
    four: list[Server], on_mongodb: Store
) -> None:
    for _ in range(REPETITIONS):
        account = await asyncio.to_thread(on_mongodb.account, monthly_limit=LIMIT)

        assert await statuses(four, account) == {201: LIMIT, 429: len(POSTS) - LIMIT}
        assert sorted(places_of(on_mongodb, account)) == list(range(1, LIMIT + 1))


async def test_holes_are_used_by_four_processes_before_anybody_is_refused(
    four: list[Server], on_mongodb: Store
) -> None:
    for _ in range(REPETITIONS):
        account = await asyncio.to_thread(on_mongodb.account, monthly_limit=LIMIT)
        await statuses(four, account, posts=45)
        make_holes(on_mongodb, account, 1, 7, 8, 30, 45)

        assert await statuses(four, account) == {201: 10, 429: 190}
        assert sorted(places_of(on_mongodb, account)) == list(range(1, LIMIT + 1))


async def test_a_process_frozen_while_the_limit_is_lowered_and_raised_exceeds_nothing(
    four: list[Server], on_mongodb: Store
) -> None:
    frozen, *others = four
    account = await asyncio.to_thread(on_mongodb.account, monthly_limit=LIMIT)
    await statuses(four, account, posts=20)
    freeze(frozen.process)
    try:
        await asyncio.to_thread(on_mongodb.update, account, monthly_limit=100)
        await asyncio.sleep(2)  # the promise: in force everywhere within two seconds
        assert await statuses(others, account, posts=70) == {201: 70}
        make_holes(on_mongodb, account, *sorted(places_of(on_mongodb, account))[20:23])
        await asyncio.to_thread(on_mongodb.update, account, monthly_limit=LIMIT)
        await asyncio.sleep(2)
    finally:
        thaw(frozen.process)

    assert await statuses(four, account) == {429: 200}
    await asyncio.to_thread(on_mongodb.update, account, monthly_limit=90)
    await asyncio.sleep(2)
    assert await statuses(four, account) == {201: 3, 429: 197}
    places = places_of(on_mongodb, account)
    assert len(places) == len(set(places)) == 90
