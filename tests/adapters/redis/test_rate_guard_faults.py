import asyncio
import logging
from collections.abc import Callable
from uuid import uuid4

import pytest

from tests.adapters.redis.conftest import MakeGuard
from tests.adapters.redis.doubles import DeafWindows, WatchedRateGuard
from tests.contracts.rate_guard import CALLS, CLIENT, WINDOW_SECONDS, answers
from tests.support.clocks import StillClock
from tests.support.servers.redis_server import RedisServer

HARMS = {
    "killed": (RedisServer.kill, RedisServer.start),
    "frozen": (RedisServer.freeze, RedisServer.thaw),
}
Harm = Callable[[RedisServer], None]
every_harm = pytest.mark.parametrize(("harm", "mend"), HARMS.values(), ids=HARMS)


@every_harm
async def test_while_redis_is_away_each_process_guards_alone(
    make_guard: MakeGuard, server: RedisServer, harm: Harm, mend: Harm
) -> None:
    guards = [make_guard(patient=False), make_guard(patient=False)]
    for guard in guards:
        answers(guard, 1, "prj_before")
        await guard.exchange()  # so that it is connected
    harm(server)
    async with asyncio.timeout(10):
        before = [answers(guard, CALLS - 1) for guard in guards]
        told = [await guard.exchange() for guard in guards]
        after = [answers(guard, 2) for guard in guards]

    assert before == [[None] * (CALLS - 1)] * 2
    assert told == [False, False]
    assert after == [[None, WINDOW_SECONDS]] * 2


@every_harm
async def test_after_redis_comes_back_sharing_goes_on(
    make_guard: MakeGuard, server: RedisServer, harm: Harm, mend: Harm
) -> None:
    guards = [make_guard(patient=False), make_guard(patient=False)]
    harm(server)
    for guard in guards:
        guard.start()
        answers(guard, 1, "prj_before")
        assert await guard.exchanged() is False
    mend(server)

    async with asyncio.timeout(30):
        while not await _refuses_what_the_other_let_through(*guards):
            pass
    for guard in guards:
        await guard.stop()


@every_harm
async def test_what_could_not_be_told_is_not_kept_for_later(
    make_guard: MakeGuard, server: RedisServer, harm: Harm, mend: Harm
) -> None:
    guard = make_guard(calls=1000, patient=False)
    harm(server)
    for _ in range(3):
        answers(guard, 100)
        await guard.exchange()

    assert guard._unsent == {}


@every_harm
async def test_nothing_is_logged_while_redis_is_away(
    make_guard: MakeGuard,
    server: RedisServer,
    caplog: pytest.LogCaptureFixture,
    harm: Harm,
    mend: Harm,
) -> None:
    caplog.set_level(logging.DEBUG)
    guard = make_guard(patient=False)
    caplog.clear()
    harm(server)
    answers(guard, 1)
    await guard.exchange()

    ours = [one for one in caplog.records if not one.name.startswith("pymongo")]
    assert ours == []  # the server of other tests has a client whose thread says when it looks


@every_harm
async def test_it_can_be_stopped_while_redis_is_away(
    make_guard: MakeGuard, server: RedisServer, harm: Harm, mend: Harm
) -> None:
    guard = make_guard()
    guard.start()
    harm(server)
    answers(guard, 1)
    await guard.telling.wait()
    async with asyncio.timeout(10):
        await guard.stop()

    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_it_can_be_stopped_while_the_driver_swallows_a_cancellation(
    make_guard: MakeGuard,
) -> None:
    guard = make_guard()
    guard._windows = DeafWindows()
    guard.start()
    answers(guard, 1)
    await guard.telling.wait()
    async with asyncio.timeout(10):
        await guard.stop()

    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_what_was_known_is_in_force_until_its_window_ends_and_no_longer(
    make_guard: MakeGuard, server: RedisServer, clock: StillClock
) -> None:
    one, other = make_guard(), make_guard()
    answers(one, CALLS)
    await one.exchange()
    answers(other, 1)
    await other.exchange()
    server.kill()
    away = answers(other, 1)
    clock.advance(WINDOW_SECONDS)

    assert away != [None]
    assert answers(other, CALLS) == [None] * CALLS


async def test_what_was_told_without_an_answer_counts_here(
    make_guard: MakeGuard, server: RedisServer
) -> None:
    one, other = make_guard(calls=10), make_guard(calls=10)
    answers(one, 6)
    await one.exchange()
    answers(other, 1)
    await other.exchange()
    server.kill()
    answers(other, 2)
    await other.exchange()

    *before, last = answers(other, 2)

    assert before == [None]
    assert last is not None


async def _refuses_what_the_other_let_through(
    one: WatchedRateGuard, other: WatchedRateGuard
) -> bool:
    """Try it with a client that nobody knows yet."""
    project_id = f"prj_{uuid4()}"
    answers(one, CALLS, project_id)
    await one.exchanged()
    other.seconds_to_wait(project_id, CLIENT)
    await other.exchanged()
    return other.seconds_to_wait(project_id, CLIENT) is not None
