"""How long rate windows are exchanged."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from redis.asyncio import Redis

from adapters.redis.client import close_redis
from adapters.redis.rate_guard import RedisRateGuard
from application.ports.rate_guard import RateGuard


@asynccontextmanager
async def exchanging(guards: Sequence[RateGuard], redis: Redis) -> AsyncIterator[None]:
    """While this lasts, the windows of *guards* are exchanged; *redis* is closed in the end."""
    shared = [guard for guard in guards if isinstance(guard, RedisRateGuard)]
    for guard in shared:
        guard.start()
    try:
        yield
    finally:
        for guard in shared:
            await guard.stop()
        await close_redis(redis)
