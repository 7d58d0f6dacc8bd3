"""Whether Redis answers."""

import asyncio

from redis.asyncio import Redis

from application.ports.health_probe import HealthProbe

TIMEOUT_SECONDS = 0.2


class RedisHealthProbe(HealthProbe):
    """Healthy while Redis answers a PING within 200 milliseconds, connecting included."""

    name = "redis"

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def is_healthy(self) -> bool:
        """One PING, sent once."""
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                return bool(await self._redis.ping())
        except Exception:  # noqa: BLE001  a stranger on the port makes the driver raise anything
            return False
