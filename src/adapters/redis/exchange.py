"""How long rate windows are exchanged."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from redis.asyncio import Redis

from adapters.redis.client import close_redis
from adapters.redis.rate_guard import RedisRateGuard
from application.ports.rate_guard import RateGuard


@asynccontextmanager
async def exchanging(guard: RateGuard, redis: Redis) -> AsyncIterator[None]:
    """While this lasts, the windows of *guard* are exchanged; *redis* is closed in the end."""
    if isinstance(guard, RedisRateGuard):
        guard.start()
    try:
        yield
    finally:
        if isinstance(guard, RedisRateGuard):
            await guard.stop()
        await close_redis(redis)
