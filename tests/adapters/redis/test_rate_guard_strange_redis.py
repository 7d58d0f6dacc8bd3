import pytest
from redis import Redis as PlainRedis

from adapters.inprocess import InProcessRateGuard, NoRateGuard
from adapters.redis import RedisRateGuard
from tests.adapters.redis.conftest import Connect, MakeGuard
from tests.adapters.redis.strangers import STRANGE_ANSWERS, answering
from tests.contracts.rate_guard import CALLS, WINDOW_SECONDS, answers
from tests.support.clocks import StillClock


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
