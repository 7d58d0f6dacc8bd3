import asyncio
from contextvars import ContextVar

import pytest
from redis import Redis as PlainRedis

from adapters.redis.rate_guard import SharedWindow
from tests.adapters.redis.conftest import MakeGuard
from tests.adapters.redis.doubles import FixedWindows
from tests.contracts.rate_guard import CALLS, CLIENT, answers
from tests.support.clocks import StillClock
from tests.support.servers.redis_server import RedisServer

REQUEST: ContextVar[str] = ContextVar("request", default="none")


async def test_what_one_process_let_through_counts_in_another(make_guard: MakeGuard) -> None:
    one, other = make_guard(), make_guard()
    answers(one, CALLS)
    await one.exchange()

    first = answers(other, 1)
    await other.exchange()

    assert first == [None]
    assert answers(other, 1) != [None]
    assert other.seconds_to_wait("prj_1", "another address") is None


async def test_calls_count_before_they_are_told(make_guard: MakeGuard) -> None:
    one, other = make_guard(calls=10), make_guard(calls=10)
    answers(one, 6)
    await one.exchange()
    answers(other, 1)
    await other.exchange()

    *before, last = answers(other, 4)

    assert before == [None] * 3
    assert last is not None


async def test_calls_count_while_they_are_being_told(
    make_guard: MakeGuard, server: RedisServer
) -> None:
    one, other = make_guard(calls=10), make_guard(calls=10)
    answers(one, 6)
    await one.exchange()
    answers(other, 1)
    await other.exchange()
    server.freeze()
    answers(other, 2)
    telling = asyncio.create_task(other.exchange())
    await asyncio.sleep(0)

    told = dict(other._unsent)
    *before, last = answers(other, 2)
    server.thaw()

    assert told == {}
    assert before == [None]
    assert last is not None
    assert await telling is True


async def test_the_wait_lasts_until_the_window_in_redis_ends(
    make_guard: MakeGuard, by_hand: PlainRedis
) -> None:
    one, other = make_guard(), make_guard()
    answers(one, CALLS)
    await one.exchange()
    end_windows_in(30, by_hand)
    answers(other, 1)
    await other.exchange()
    [wait] = answers(other, 1)

    assert wait is not None
    assert 1 <= wait <= 30


async def test_the_wait_is_rounded_up_and_never_nothing(
    make_guard: MakeGuard, clock: StillClock
) -> None:
    guard = make_guard()
    guard._windows = FixedWindows(SharedWindow(CALLS, ends_in_seconds=20))
    answers(guard, 1)
    await guard.exchange()
    waits = []
    for seconds in (0, 0.5, 19, 0.499, 0.001):
        clock.advance(seconds)
        waits += answers(guard, 1)

    assert waits == [20, 20, 1, 1, None]


async def test_calls_that_the_shared_window_refuses_are_not_counted_by_the_stand_in(
    make_guard: MakeGuard, clock: StillClock
) -> None:
    guard = make_guard()
    guard._windows = FixedWindows(SharedWindow(CALLS, ends_in_seconds=20))
    answers(guard, 1)
    await guard.exchange()
    refused = answers(guard, 100)
    clock.advance(20)

    assert None not in refused
    assert answers(guard, CALLS - 1) == [None] * (CALLS - 1)


async def test_the_same_calls_are_told_once(make_guard: MakeGuard, by_hand: PlainRedis) -> None:
    guard = make_guard(calls=10)
    answers(guard, 4)
    await asyncio.gather(*(guard.exchange() for _ in range(5)))
    answers(guard, 2)
    await guard.exchange()

    assert counted(by_hand) == [6]


async def test_once_started_it_exchanges_by_itself_until_it_is_stopped(
    make_guard: MakeGuard, by_hand: PlainRedis
) -> None:
    guard = make_guard()
    guard.start()
    async with asyncio.timeout(10):
        for _ in range(2):
            answers(guard, 1)
            await guard.exchanged()
    await guard.stop()

    assert counted(by_hand) == [2]
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_the_task_belongs_to_no_request(
    make_guard: MakeGuard, monkeypatch: pytest.MonkeyPatch
) -> None:
    guard = make_guard()
    seen: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def exchange() -> bool:
        if not seen.done():
            seen.set_result(REQUEST.get())
        return True

    monkeypatch.setattr(guard, "exchange", exchange)
    REQUEST.set("of somebody")
    guard.start()

    assert await seen == "none"
    await guard.stop()


async def test_a_guard_that_was_never_started_can_be_stopped(make_guard: MakeGuard) -> None:
    guard = make_guard()
    await guard.stop()

    assert guard.seconds_to_wait("prj_1", CLIENT) is None


def end_windows_in(seconds: int, redis: PlainRedis) -> None:
    for key in redis.scan_iter():
        redis.expire(key, seconds)


def counted(redis: PlainRedis) -> list[int]:
    """What Redis knows, whosoever it is."""
    return sorted(int(redis.get(key)) for key in redis.scan_iter())
