import asyncio
from collections.abc import Callable, Iterator

import pytest
from redis import Redis as PlainRedis

from adapters.inprocess import InProcessRateGuard, NoRateGuard
from adapters.redis import RedisRateGuard, close_redis
from application.ports.rate_guard import RateGuard
from tests.adapters.redis.conftest import Connect, MakeGuard, patient_client
from tests.adapters.redis.strangers import STRANGE_ANSWERS, answering
from tests.contracts.rate_guard import CALLS, WINDOW_SECONDS, RateGuardContract, answers
from tests.support.clocks import StillClock
from tests.support.servers.processes import free_port


class Exchanging(RateGuard):
    """A guard that tells Redis of every call at once."""

    def __init__(self, guard: RedisRateGuard, runner: asyncio.Runner) -> None:
        self._guard = guard
        self._runner = runner

    def seconds_to_wait(self, project_id: str, client_address: str) -> int | None:
        wait = self._guard.seconds_to_wait(project_id, client_address)
        assert self._runner.run(self._guard.exchange())
        return wait


class TestRedisRateGuard(RateGuardContract):
    """The shared windows alone: nothing stands in."""

    @pytest.fixture
    def forget(self, redis_url: str) -> Iterator[Callable[[], None]]:
        with PlainRedis.from_url(redis_url) as redis:
            yield lambda: [redis.delete(key) for key in redis.scan_iter("swiftcrm:rate:*")]

    @pytest.fixture
    def guard(
        self, redis_url: str, forget: Callable[[], None], clock: StillClock
    ) -> Iterator[RateGuard]:
        forget()
        redis = patient_client(redis_url)
        guard = RedisRateGuard(redis, NoRateGuard(), CALLS, WINDOW_SECONDS, clock)
        with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
            yield Exchanging(guard, runner)
            runner.run(close_redis(redis))

    @pytest.fixture
    def next_window(self, forget: Callable[[], None], clock: StillClock) -> Callable[[], None]:
        def next_window() -> None:
            clock.advance(WINDOW_SECONDS)
            forget()

        return next_window


class TestRedisRateGuardWithoutRedis(RateGuardContract):
    """The stand-in alone: nothing listens."""

    @pytest.fixture
    def guard(self, clock: StillClock) -> Iterator[RateGuard]:
        redis = patient_client(f"redis://127.0.0.1:{free_port()}")
        stand_in = InProcessRateGuard(CALLS, WINDOW_SECONDS, clock)
        guard = RedisRateGuard(redis, stand_in, CALLS, WINDOW_SECONDS, clock)
        with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
            yield guard
            assert runner.run(guard.exchange()) is False

    @pytest.fixture
    def next_window(self, clock: StillClock) -> Callable[[], None]:
        return lambda: clock.advance(WINDOW_SECONDS)


async def test_a_flush_lets_more_through_and_hurts_nobody(
    make_guard: MakeGuard, by_hand: PlainRedis
) -> None:
    one, other = make_guard(), make_guard()
    answers(one, CALLS)
    await one.exchange()
    by_hand.flushall()

    first = answers(other, 1)
    exchanged = await other.exchange()

    assert exchanged is True
    *before, last = answers(other, CALLS)
    assert first + before == [None] * CALLS
    assert last is not None


async def test_a_window_without_an_end_gets_one(make_guard: MakeGuard, by_hand: PlainRedis) -> None:
    guard = make_guard(NoRateGuard())
    answers(guard, 1)
    await guard.exchange()
    [key] = by_hand.keys()
    by_hand.persist(key)
    answers(guard, CALLS - 1)
    await guard.exchange()

    assert 0 < by_hand.ttl(key) <= WINDOW_SECONDS
    assert answers(guard, 1) == [WINDOW_SECONDS]


async def test_a_key_that_cannot_be_counted_hinders_nobody_else(
    make_guard: MakeGuard, by_hand: PlainRedis
) -> None:
    one, other = make_guard(), make_guard()
    answers(one, 1)
    await one.exchange()
    [key] = by_hand.keys()
    by_hand.delete(key)
    by_hand.rpush(key, "a list of somebody's")
    answers(one, CALLS - 1)
    answers(one, CALLS, "prj_2")
    exchanged = await one.exchange()
    answers(other, 1, "prj_2")
    await other.exchange()

    assert exchanged is True
    assert answers(one, 1) != [None]
    assert answers(other, 1, "prj_2") != [None]


async def test_a_full_redis_leaves_each_process_to_itself(
    make_guard: MakeGuard, by_hand: PlainRedis
) -> None:
    guard = make_guard()
    by_hand.config_set("maxmemory", 1)
    answers(guard, 1)
    await guard.exchange()

    assert answers(guard, CALLS)[-1] is not None
    assert guard._known == {}


@pytest.mark.parametrize("answer", STRANGE_ANSWERS)
async def test_what_is_not_redis_leaves_each_process_to_itself(
    connect: Connect, clock: StillClock, answer: bytes
) -> None:
    async with answering(answer) as url:
        stand_in = InProcessRateGuard(CALLS, WINDOW_SECONDS, clock)
        redis = connect(url, patient=False)
        guard = RedisRateGuard(redis, stand_in, CALLS, WINDOW_SECONDS, clock)
        answers(guard, 1)

        assert await guard.exchange() is False
        assert answers(guard, CALLS) == [None] * (CALLS - 1) + [WINDOW_SECONDS]
