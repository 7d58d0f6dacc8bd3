"""Four processes, one MongoDB and the turn of a month: each month has its own exact limit."""

import asyncio
import itertools
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.plan import Month
from tests.support.by_hand import places_by_month
from tests.support.clocks import AHEAD, SETTING, set_clock
from tests.support.load import post_lead, post_together
from tests.support.program import Server, serving
from tests.support.repetitions import times
from tests.support.sabotage import program
from tests.support.stores import Account, Store

LIMIT = 50
AHEAD_SECONDS = (-5, 0, 0, 5)
POSTS = [{"name": f"Person {number}"} for number in range(200)]
SENDERS = 16
SPEED = 20
REPETITIONS = times(100, quick=2)
YEAR = 2027

Four = tuple[list[Server], Path]


@pytest.fixture(scope="module")
def four(on_mongodb: Store) -> Iterator[Four]:
    """Processes whose clocks are apart, and the file that sets them all."""
    on_mongodb.account("first")
    clock = on_mongodb.folder / "clock"
    set_clock(clock, datetime(YEAR, 1, 1, tzinfo=UTC))
    with ExitStack() as stack:
        yield (
            [
                stack.enter_context(
                    serving(
                        on_mongodb,
                        program=program("moving-clock"),
                        outside={SETTING: str(clock), AHEAD: str(ahead)},
                    )
                )
                for ahead in AHEAD_SECONDS
            ],
            clock,
        )


def months() -> Iterator[Month]:
    month = Month(YEAR, 1)
    while True:
        yield month
        month = month.next()


async def test_the_first_requests_of_a_month_get_exactly_its_places(
    four: Four, on_mongodb: Store
) -> None:
    servers, clock = four
    ports = [server.port for server in servers]
    account = await asyncio.to_thread(on_mongodb.account, monthly_limit=LIMIT)
    for month in itertools.islice(months(), REPETITIONS):
        set_clock(clock, month.begins_at() + timedelta(seconds=60))

        answers = await post_together(ports, account, POSTS)

        assert Counter(one.status if one else 0 for one in answers) == {201: 50, 429: 150}
        assert places_by_month(on_mongodb, account)[str(month)] == list(range(1, LIMIT + 1))


async def test_over_the_turn_of_a_month_clocks_that_are_apart_exceed_neither_limit(
    four: Four, on_mongodb: Store
) -> None:
    servers, clock = four
    for month in itertools.islice(months(), REPETITIONS):
        account = await asyncio.to_thread(on_mongodb.account, monthly_limit=LIMIT)
        turn = month.next().begins_at()
        set_clock(clock, turn - timedelta(seconds=10), SPEED)

        captured = await post_until(servers, account, seconds=20 / SPEED)

        places = places_by_month(on_mongodb, account)
        assert set(places) == {str(month), str(month.next())}
        assert list(places.values()) == [list(range(1, LIMIT + 1))] * 2
        assert captured == 2 * LIMIT


async def post_until(servers: list[Server], account: Account, seconds: float) -> int:
    """Post to all of them until so long has gone by; how many leads were captured."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    statuses: Counter[int] = Counter()

    async def send(number: int) -> None:
        for port in itertools.cycle([server.port for server in servers[number:] + servers]):
            if loop.time() > end:
                return
            answer = await post_lead(port, account, {})
            statuses[answer.status if answer else 0] += 1

    async with asyncio.TaskGroup() as group:
        for number in range(SENDERS):
            group.create_task(send(number % len(servers)))
    assert set(statuses) == {201, 429}
    return statuses[201]
