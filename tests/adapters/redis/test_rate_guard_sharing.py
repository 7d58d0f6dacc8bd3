import asyncio
from contextvars import ContextVar

import pytest
from redis import Redis as PlainRedis

from adapters.redis.rate_guard import CHUNK_CLIENTS, SharedWindow
from tests.adapters.redis.conftest import MakeGuard, counted
from tests.adapters.redis.doubles import FixedWindows
from tests.contracts.rate_guard import CALLS, CLIENT, WINDOW_SECONDS, answers
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


async def test_many_clients_are_told_of_in_portions(make_guard: MakeGuard) -> None:
    guard, windows = make_guard(), FixedWindows()
    guard._windows = windows
    clients = [("prj_1", f"client {n}") for n in range(CHUNK_CLIENTS * 2 + 1)]
    for project_id, address in clients:
        guard.seconds_to_wait(project_id, address)
    await guard.exchange()

    assert [len(portion) for portion in windows.told] == [CHUNK_CLIENTS, CHUNK_CLIENTS, 1]
    assert [client for portion in windows.told for client in portion] == clients


async def test_its_memory_is_bounded_and_newcomers_are_left_to_the_stand_in(
    make_guard: MakeGuard,
) -> None:
    guard = make_guard(most_clients=10)
    answers(guard, 1)
    for round_of_calls in range(2):
        for n in range(1000):
            guard.seconds_to_wait("prj_1", f"client {round_of_calls} {n}")
        sizes = len(guard._unsent)
        await guard.exchange()

        assert (sizes, len(guard._known)) == (10, 10)

    assert [guard.seconds_to_wait("prj_1", "a newcomer") for _ in range(CALLS)] == [None] * CALLS
    assert guard.seconds_to_wait("prj_1", "a newcomer") is not None


async def test_of_the_clients_it_knows_it_still_learns_when_there_is_no_room(
    make_guard: MakeGuard,
) -> None:
    one, other = make_guard(most_clients=1), make_guard()
    for guard in (one, other, one):
        answers(guard, 1)
        await guard.exchange()

    assert answers(one, 1) != [None]


async def test_a_new_window_has_room_for_other_clients(
    make_guard: MakeGuard, clock: StillClock
) -> None:
    one, other = make_guard(most_clients=1), make_guard()
    one.seconds_to_wait("prj_1", "somebody else")
    await one.exchange()
    clock.advance(WINDOW_SECONDS)
    answers(other, CALLS)
    await other.exchange()
    answers(one, 1)
    await one.exchange()

    assert [address for _, address in one._known] == [CLIENT]
    assert answers(one, 1) != [None]


async def test_redis_holds_no_address_and_nothing_for_good(
    make_guard: MakeGuard, by_hand: PlainRedis
) -> None:
    guard = make_guard()
    for address in (CLIENT, "2001:db8::1", "nul\0", "\udcff"):
        guard.seconds_to_wait("prj_1", address)
    await guard.exchange()
    keys = by_hand.keys()
    kept = b" ".join(keys + [by_hand.get(key) for key in keys])

    assert len(keys) == 4
    assert all(key.startswith(b"swiftcrm:rate:3/60000:") for key in keys)
    assert not any(part in kept for part in (CLIENT.encode(), b"2001", b"nul", b"prj"))
    assert all(0 < by_hand.pttl(key) <= WINDOW_SECONDS * 1000 for key in keys)


async def test_no_two_clients_share_a_window(make_guard: MakeGuard, by_hand: PlainRedis) -> None:
    guard = make_guard()
    clients = [("prj_1", "2"), ("prj_", "12"), ("prj_12", ""), ("", "prj_12"), ("prj_1", "\udcff")]
    clients += [("prj_1", "\udcfe"), ("prj_1", "?"), ("prj_1", "2\0"), ("1:prj_1", "2")]
    for project_id, address in clients:
        guard.seconds_to_wait(project_id, address)
    await guard.exchange()

    assert by_hand.dbsize() == len(clients)


async def test_processes_with_another_limit_count_by_themselves(make_guard: MakeGuard) -> None:
    one, other = make_guard(calls=CALLS), make_guard(calls=CALLS + 1)
    answers(one, CALLS)
    await one.exchange()
    answers(other, 1)
    await other.exchange()

    assert answers(other, CALLS) == [None] * CALLS
