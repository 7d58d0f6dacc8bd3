"""
What processes share through a Redis server, 6.2 or newer, and nobody would miss.

Every key ends by itself, and every command may fail without anybody's call failing.
"""

from adapters.redis.client import close_redis, redis_client
from adapters.redis.health_probe import RedisHealthProbe
from adapters.redis.rate_guard import RedisRateGuard, exchanging

__all__ = ["RedisHealthProbe", "RedisRateGuard", "close_redis", "exchanging", "redis_client"]
