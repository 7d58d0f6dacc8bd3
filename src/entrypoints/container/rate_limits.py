"""Where the windows of the rate limit are kept; a driver is imported when it is needed."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from functools import partial

from adapters.inprocess import (
    InProcessHealthProbe,
    InProcessRateGuard,
    NoRateGuard,
    SlidingRateGuard,
)
from application.ports.clock import Clock
from application.ports.health_probe import HealthProbe
from application.ports.rate_guard import RateGuard
from application.receive.unproven import ITEMS_PER_MINUTE
from entrypoints.process.settings import Rate

MINUTE_SECONDS = 60.0
PROBE = "redis"
"""What readiness calls it, whether one is configured or not."""


@dataclass(frozen=True)
class RateLimits:
    """
    The windows of this process, and of all where a server is configured.

    Attributes:
        unproven_guard: Counts the items of deliveries that nothing proves; never switched off.
        exchanging: While the block lasts, they are exchanged with the other processes.
    """

    rate_guard: RateGuard
    unproven_guard: RateGuard
    probe: HealthProbe
    exchanging: Callable[[], AbstractAsyncContextManager[None]]


def rate_limits_in_memory(rate: Rate | None, clock: Clock) -> RateLimits:
    """Each process has its own."""
    guard = NoRateGuard() if rate is None else InProcessRateGuard(rate.calls, rate.seconds, clock)
    return RateLimits(guard, _unproven_guard(clock), InProcessHealthProbe(PROBE), nullcontext)


def rate_limits_in_redis(rate: Rate | None, clock: Clock, url: str) -> RateLimits:
    """
    All processes that name this server have them in common; connects to nobody.

    Raises:
        StoreUnusable: *url* cannot be read.
    """
    from adapters import redis  # noqa: PLC0415  only where it is chosen

    client = redis.redis_client(url)
    guard: RateGuard = NoRateGuard()
    if rate is not None:
        own = InProcessRateGuard(rate.calls, rate.seconds, clock)
        guard = redis.RedisRateGuard(client, own, rate.calls, rate.seconds, clock)
    unproven = redis.RedisRateGuard(
        client,
        _unproven_guard(clock),
        ITEMS_PER_MINUTE,
        MINUTE_SECONDS,
        clock,
        shared_part=0,  # its clients are few, and each item counts
    )
    exchanging = partial(redis.exchanging, (guard, unproven), client)
    return RateLimits(guard, unproven, redis.RedisHealthProbe(client), exchanging)


def _unproven_guard(clock: Clock) -> RateGuard:
    return SlidingRateGuard(ITEMS_PER_MINUTE, MINUTE_SECONDS, clock)
