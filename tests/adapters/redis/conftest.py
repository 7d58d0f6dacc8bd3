"""A real Redis: one for all tests that only need a server, and one's own to do harm to."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis as PlainRedis
from redis.asyncio import Redis

from adapters.inprocess import InProcessRateGuard
from adapters.redis import close_redis, redis_client
from application.ports.rate_guard import RateGuard
from tests.adapters.redis.doubles import WatchedRateGuard
from tests.contracts.rate_guard import CALLS, WINDOW_SECONDS
from tests.support.clocks import StillClock
from tests.support.servers.redis_server import RedisServer, any_redis_url, redis_server

Connect = Callable[..., Redis]
MakeGuard = Callable[..., WatchedRateGuard]


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with any_redis_url(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    """A server of the test's own."""
    with redis_server(tmp_path) as server:
        yield server


@pytest.fixture
def by_hand(server: RedisServer) -> Iterator[PlainRedis]:
    """A connection past all of our code to the test's own server."""
    with PlainRedis.from_url(server.url) as redis:
        yield redis


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    """Clients as in the program; patient ones where a slow machine would be a failure."""
    clients: list[Redis] = []

    def connect(url: str, *, patient: bool = True) -> Redis:
        clients.append(patient_client(url) if patient else redis_client(url))
        return clients[-1]

    yield connect
    for client in clients:
        await close_redis(client)


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def make_guard(server: RedisServer, connect: Connect, clock: StillClock) -> MakeGuard:
    """Each guard stands for a process: it has a connection and a stand-in of its own."""

    def make_guard(
        stand_in: RateGuard | None = None,
        calls: int = CALLS,
        *,
        patient: bool = True,
        **options: float,
    ) -> WatchedRateGuard:
        alone = stand_in or InProcessRateGuard(calls, WINDOW_SECONDS, clock)
        redis = connect(server.url, patient=patient)
        return WatchedRateGuard(redis, alone, calls, WINDOW_SECONDS, clock, **options)

    return make_guard


def patient_client(url: str) -> Redis:
    redis = redis_client(url)
    patience = {"socket_timeout": 60, "socket_connect_timeout": 60}
    redis.connection_pool.connection_kwargs.update(patience)
    return redis


def counted(redis: PlainRedis) -> list[int]:
    """The calls in each window that Redis has, whosoever it is."""
    return sorted(int(redis.get(key)) for key in redis.scan_iter())
