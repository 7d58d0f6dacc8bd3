"""Where calls are counted, and what that starts."""

import asyncio

import pytest

from adapters.inprocess import InProcessRateGuard, NoRateGuard
from adapters.redis import RedisRateGuard
from application.ports.rate_guard import RateGuard
from entrypoints.container.rate_limits import (
    RateLimits,
    rate_limits_in_memory,
    rate_limits_in_redis,
)
from entrypoints.process.settings import Rate
from tests.support.clocks import StillClock

RATE = Rate(5, 60)
NOBODY = "redis://127.0.0.1:1"
EXCHANGE = "rate-exchange"


def in_memory(rate: Rate | None) -> RateLimits:
    return rate_limits_in_memory(rate, StillClock())


def in_redis(rate: Rate | None) -> RateLimits:
    return rate_limits_in_redis(rate, StillClock(), NOBODY)


def tasks() -> set[str]:
    return {task.get_name() for task in asyncio.all_tasks()}


@pytest.mark.parametrize(
    ("rate_limits", "guard"),
    [
        (in_memory(RATE), InProcessRateGuard),
        (in_memory(None), NoRateGuard),
        (in_redis(RATE), RedisRateGuard),
        (in_redis(None), NoRateGuard),
    ],
)
def test_calls_are_counted_where_it_is_said_and_only_if_there_is_a_limit(
    rate_limits: RateLimits, guard: type[RateGuard]
) -> None:
    assert type(rate_limits.rate_guard) is guard


@pytest.mark.parametrize("rate_limits", [in_memory(RATE), in_redis(RATE)])
def test_the_limit_is_the_one_that_is_set(rate_limits: RateLimits) -> None:
    guard = rate_limits.rate_guard
    waits = [guard.seconds_to_wait("project", "192.0.2.1") for _ in range(RATE.calls + 1)]

    assert waits == [None] * RATE.calls + [RATE.seconds]


def test_the_windows_that_processes_share_are_those_of_this_limit() -> None:
    guard = in_redis(RATE).rate_guard

    assert isinstance(guard, RedisRateGuard)
    assert guard._windows._prefix == "swiftcrm:rate:5/60000:"


@pytest.mark.parametrize(
    ("rate_limits", "exchanged"),
    [(in_redis(RATE), True), (in_redis(None), True), (in_memory(RATE), False)],
)
async def test_what_is_shared_is_exchanged_for_as_long_as_the_block_lasts(
    rate_limits: RateLimits, exchanged: bool
) -> None:
    async with rate_limits.exchanging():
        during = tasks()

    assert (EXCHANGE in during) is exchanged
    assert EXCHANGE not in tasks()


@pytest.mark.parametrize("rate_limits", [in_memory(None), in_redis(None), in_memory(RATE)])
def test_what_nothing_proves_is_counted_whatever_the_limit_is(rate_limits: RateLimits) -> None:
    guard = rate_limits.unproven_guard
    waits = [guard.seconds_to_wait("project", "whatsapp") for _ in range(601)]

    assert waits == [None] * 600 + [60]


def test_of_what_nothing_proves_each_item_is_shared() -> None:
    rate_limits = in_redis(Rate(600, 60))

    shared_from = [
        guard._shared_from
        for guard in (rate_limits.rate_guard, rate_limits.unproven_guard)
        if isinstance(guard, RedisRateGuard)
    ]

    assert shared_from == [6, 1]
