from collections import Counter

import pytest
from redis import Redis as PlainRedis

from adapters.redis.rate_guard import CHUNK_CLIENTS
from tests.adapters.redis.conftest import MakeGuard
from tests.adapters.redis.doubles import FixedWindows
from tests.contracts.rate_guard import CALLS, CLIENT, WINDOW_SECONDS, answers
from tests.support.clocks import StillClock

PLENTY = 100_000


def commands(redis: PlainRedis) -> Counter[str]:
    """How often the server did what, except what this question itself is."""
    done = redis.info("commandstats")
    return Counter({name: of["calls"] for name, of in done.items() if name != "cmdstat_info"})


@pytest.mark.parametrize("calls", [1, 1000])
async def test_the_commands_do_not_depend_on_the_number_of_calls(
    make_guard: MakeGuard, by_hand: PlainRedis, calls: int
) -> None:
    guard = make_guard(calls=PLENTY)
    await guard._windows._redis.ping()  # so that it is connected
    before = commands(by_hand)
    answers(guard, calls)
    await guard.exchange()

    assert commands(by_hand) - before == {"cmdstat_set": 1, "cmdstat_incrby": 1, "cmdstat_pttl": 1}


async def test_where_there_is_nothing_to_tell_nothing_is_sent(
    make_guard: MakeGuard, by_hand: PlainRedis
) -> None:
    guard = make_guard()
    answers(guard, CALLS)
    await guard.exchange()
    before = commands(by_hand)
    refused = answers(guard, 100)
    await guard.exchange()

    assert None not in refused
    assert commands(by_hand) == before


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
