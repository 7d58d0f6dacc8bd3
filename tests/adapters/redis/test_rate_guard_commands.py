"""Which calls Redis hears of, and what it is asked to do for them."""

from collections import Counter
from collections.abc import Container, Mapping

import pytest
from redis import Redis as PlainRedis
from redis.exceptions import ResponseError

from adapters.redis.rate_guard import Client, SharedWindow
from tests.adapters.redis.conftest import MakeGuard, counted
from tests.contracts.rate_guard import CALLS, WINDOW_SECONDS, answers
from tests.support.clocks import StillClock

FEW, PLENTY = 100, 1_000
"""Of the first each call is shared, of the second ten together."""


def commands(redis: PlainRedis) -> Counter[str]:
    """How often the server did what, except what this question itself is."""
    done = redis.info("commandstats")
    return Counter({name: of["calls"] for name, of in done.items() if name != "cmdstat_info"})


@pytest.mark.parametrize("calls", [1, 99])
async def test_one_command_begins_a_window_and_counts_all_its_calls(
    make_guard: MakeGuard, by_hand: PlainRedis, calls: int
) -> None:
    guard = make_guard(calls=FEW)
    await guard._windows._redis.ping()  # so that it is connected
    before = commands(by_hand)
    answers(guard, calls)
    await guard.exchange()

    assert commands(by_hand) - before == {"cmdstat_set": 1}
    assert counted(by_hand) == [calls]


async def test_two_commands_count_calls_in_a_window_that_is_known(
    make_guard: MakeGuard, by_hand: PlainRedis, clock: StillClock
) -> None:
    guard = make_guard(calls=FEW)
    answers(guard, 1)
    await guard.exchange()
    before = commands(by_hand)
    answers(guard, 1)
    await guard.exchange()
    known = commands(by_hand) - before
    clock.advance(WINDOW_SECONDS)
    answers(guard, 1)
    await guard.exchange()

    assert known == {"cmdstat_incrby": 1, "cmdstat_pttl": 1}
    assert commands(by_hand)["cmdstat_set"] == before["cmdstat_set"] + 1


async def test_a_window_that_another_process_has_begun_is_not_begun_anew(
    make_guard: MakeGuard, by_hand: PlainRedis
) -> None:
    one, other = make_guard(calls=FEW), make_guard(calls=FEW)
    answers(one, 1)
    await one.exchange()
    await other._windows._redis.ping()
    before = commands(by_hand)
    answers(other, 2)
    answers(other, 4, "prj_2")  # begun by nobody
    await other.exchange()

    assert commands(by_hand) - before == {"cmdstat_set": 2, "cmdstat_incrby": 1, "cmdstat_pttl": 1}
    assert counted(by_hand) == [3, 4]


async def test_in_one_portion_each_client_is_counted_once_whatever_redis_has_of_it(
    make_guard: MakeGuard, by_hand: PlainRedis
) -> None:
    guard, other = make_guard(calls=FEW), make_guard(calls=FEW)
    answers(guard, 1, "prj_known")
    answers(guard, 1, "prj_lost")
    await guard.exchange()
    by_hand.delete(by_hand.randomkey())
    answers(other, 5, "prj_of_another")
    await other.exchange()
    for project_id in ("prj_known", "prj_lost", "prj_of_another", "prj_new"):
        answers(guard, 10, project_id)
    await guard.exchange()

    assert counted(by_hand) == [10, 10, 11, 15]
    assert all(0 < by_hand.ttl(key) <= WINDOW_SECONDS for key in by_hand.scan_iter())


async def test_who_got_an_error_is_not_counted_again(
    make_guard: MakeGuard, monkeypatch: pytest.MonkeyPatch
) -> None:
    windows = make_guard()._windows
    asked: list[Mapping[Client, int]] = []

    async def begin(deltas: Mapping[Client, int]) -> Mapping[Client, object]:
        return dict(zip(deltas, (True, None, ResponseError("done, or not")), strict=True))

    async def count(deltas: Mapping[Client, int]) -> Mapping[Client, SharedWindow]:
        asked.append(deltas)
        return {}

    monkeypatch.setattr(windows, "_begin", begin)
    monkeypatch.setattr(windows, "_count", count)
    known, new, there, failed = (("prj_1", name) for name in ("known", "new", "there", "failed"))
    begun: Container[Client] = {known}
    got = await windows.add({known: 1, new: 2, there: 3, failed: 4}, begun)

    assert asked == [{known: 1, there: 3}]
    assert got == {new: SharedWindow(2, ends_in_seconds=WINDOW_SECONDS)}


async def test_after_an_exchange_that_broke_off_in_the_middle_windows_are_counted_on(
    make_guard: MakeGuard, by_hand: PlainRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = make_guard(calls=FEW), make_guard(calls=FEW)
    answers(other, 1, "prj_2")
    await other.exchange()

    async def breaks(_: Mapping[Client, int]) -> Mapping[Client, SharedWindow]:
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(one._windows, "_count", breaks)
        answers(one, 1)
        answers(one, 1, "prj_2")
        exchanged = [await one.exchange()]
    answers(one, 4)
    answers(one, 4, "prj_2")
    exchanged.append(await one.exchange())

    assert exchanged == [False, True]
    assert counted(by_hand) == [5, 5]


async def test_a_client_is_shared_once_it_has_made_a_hundredth_of_the_calls_of_a_window(
    make_guard: MakeGuard, by_hand: PlainRedis
) -> None:
    guard = make_guard(calls=PLENTY)
    counts = []
    for calls in (9, 1, 9, 2):
        answers(guard, calls)
        await guard.exchange()
        counts.append(counted(by_hand))

    assert counts == [[], [10], [10], [21]]


async def test_within_a_window_several_processes_let_a_hundredth_too_much_through_each(
    make_guard: MakeGuard,
) -> None:
    guards = [make_guard(calls=PLENTY) for _ in range(3)]
    let_through = 0
    while waits := [answers(guard, 1)[0] for guard in guards]:
        if None not in waits:
            break
        let_through += waits.count(None)
        for guard in guards:
            await guard.exchange()

    assert PLENTY <= let_through <= PLENTY + len(guards) * PLENTY // 100


async def test_where_each_call_is_to_be_shared_the_first_one_is(
    make_guard: MakeGuard, by_hand: PlainRedis
) -> None:
    guard = make_guard(calls=PLENTY, shared_part=0)
    answers(guard, 1)
    await guard.exchange()

    assert counted(by_hand) == [1]


async def test_a_client_that_is_known_is_counted_also_when_there_is_no_room_for_newcomers(
    make_guard: MakeGuard,
) -> None:
    one, other = (make_guard(calls=PLENTY, most_clients=10) for _ in range(2))
    for guard in (one, other):
        answers(guard, 10)
        await guard.exchange()
        for number in range(20):
            guard.seconds_to_wait("prj_1", f"client {number}")
    answers(one, 900)
    await one.exchange()
    answers(other, 10)
    await other.exchange()

    assert answers(other, 80)[-1] is not None


async def test_few_calls_now_and_then_do_not_add_up(
    make_guard: MakeGuard, by_hand: PlainRedis, clock: StillClock
) -> None:
    guard = make_guard(calls=PLENTY)
    for _ in range(3):
        answers(guard, 9)
        clock.advance(WINDOW_SECONDS)
        await guard.exchange()

    assert by_hand.dbsize() == 0


async def test_few_calls_take_no_room_for_longer_than_a_window(
    make_guard: MakeGuard, clock: StillClock
) -> None:
    guard = make_guard(calls=PLENTY, most_clients=10)
    for number in range(20):
        guard.seconds_to_wait("prj_1", f"client {number}")
    clock.advance(WINDOW_SECONDS)
    taken = len(guard._unsent)
    await guard.exchange()

    assert (taken, len(guard._unsent)) == (10, 0)


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
