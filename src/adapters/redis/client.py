"""The connection to Redis: a few sockets, short timeouts, one try."""

import contextlib
from typing import Any

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.connection import parse_url
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from domain.errors import Advice, AdviceCode, StoreUnusable

TIMEOUT_SECONDS = 0.25
"""For each of: a free connection, connecting, and every answer."""
MOST_CONNECTIONS = 4


def redis_client(url: str) -> Redis:
    """
    A client of the server that *url* names; does no I/O, and is closed by `close_redis`.

    Its timeouts are short and a command is sent once, whatever *url* asks for: a command
    that timed out may have been done, and one that is sent again may count twice.

    Raises:
        StoreUnusable: The URL cannot be read; the text does not repeat it.
    """
    try:
        options: dict[str, Any] = {**parse_url(url), **_limits()}
        pool = BlockingConnectionPool(**options)
        # It connects to nothing, and says which options do not exist.
        pool.connection_class(**pool.connection_kwargs)
    except Exception:  # noqa: BLE001  the options of a URL reach any corner of the driver
        raise StoreUnusable(
            "The URL of the Redis server cannot be read.", Advice(AdviceCode.MEND_REDIS_URL)
        ) from None  # the cause repeats parts of the URL, and that has a password in it
    return Redis.from_pool(pool)


async def close_redis(redis: Redis) -> None:
    """Close all connections of *redis*; never raises, and takes no longer than a timeout."""
    with contextlib.suppress(RedisError, OSError):
        await redis.aclose()


def _limits() -> dict[str, Any]:
    # "No retries" is said outright: the default is ten in one class of the driver, none in another.
    return {
        "max_connections": MOST_CONNECTIONS,
        "timeout": TIMEOUT_SECONDS,
        "socket_timeout": TIMEOUT_SECONDS,
        "socket_connect_timeout": TIMEOUT_SECONDS,
        "retry": Retry(NoBackoff(), 0),
        "retry_on_error": [],
    }
