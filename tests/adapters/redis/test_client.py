import asyncio
import random

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from adapters.redis import close_redis, redis_client
from domain.errors import Advice, AdviceCode, StoreUnusable
from tests.adapters.redis.conftest import Connect
from tests.support.servers.processes import free_port
from tests.support.servers.redis_server import RedisServer

KEYS = 300
TRIES = 10_000


@pytest.mark.parametrize(
    "url",
    [
        "",
        "memory://",
        "localhost:6379",
        "http://:s3cret@localhost",
        "redis://localhost:s3cret",
        "redis://:s3cret/s3cret@localhost:99999",
        "redis://[s3cret",
        "redis://localhost?no_such_option=s3cret",
        "redis://localhost?db=s3cret",
        "redis://localhost?protocol=9",
        "redis://localhost?connection_class=s3cret",
        "redis://localhost?maint_notifications_config=s3cret",
    ],
)
def test_a_url_that_cannot_be_read_is_refused_without_telling_its_password(url: str) -> None:
    with pytest.raises(StoreUnusable) as refusal:
        redis_client(url)

    assert refusal.value.advice == (Advice(AdviceCode.MEND_REDIS_URL),)
    assert "s3cret" not in str(refusal.value)
    assert refusal.value.__suppress_context__


@pytest.mark.parametrize(
    "url", ["redis://", "redis://user:pass@host:1/2", "rediss://host", "unix:///tmp/redis.sock"]
)
def test_a_client_is_built_without_a_loop_and_without_a_server(url: str) -> None:
    assert isinstance(redis_client(url), Redis)


async def test_a_url_cannot_make_it_wait_long_or_connect_often() -> None:
    redis = redis_client("redis://host?socket_timeout=30&timeout=30&max_connections=99")
    pool = redis.connection_pool

    assert pool.connection_kwargs["socket_timeout"] == 0.25
    assert pool.connection_kwargs["socket_connect_timeout"] == 0.25
    assert (pool.timeout, pool.max_connections) == (0.25, 4)


async def test_a_dead_server_is_tried_once(monkeypatch: pytest.MonkeyPatch) -> None:
    tries = 0

    async def refuse(*_: object, **__: object) -> None:
        nonlocal tries
        tries += 1
        raise ConnectionRefusedError

    monkeypatch.setattr(asyncio, "open_connection", refuse)
    with pytest.raises(RedisError):
        await redis_client("redis://localhost").get("key")

    assert tries == 1


async def test_a_dead_server_fails_at_once() -> None:
    redis = redis_client(f"redis://127.0.0.1:{free_port()}")

    async with asyncio.timeout(1):
        with pytest.raises(RedisError):
            await redis.get("key")


async def test_a_command_that_timed_out_is_not_sent_again(
    server: RedisServer, connect: Connect
) -> None:
    redis = redis_client(server.url)
    await redis.incr("counter")
    server.freeze()
    with pytest.raises(RedisError):
        await redis.incr("counter")
    server.thaw()

    assert await connect(server.url).get("counter") == b"2"
    await close_redis(redis)


async def test_closing_ends_all_connections(server: RedisServer, connect: Connect) -> None:
    redis, other = redis_client(server.url), connect(server.url)
    await redis.ping()
    before = await other.client_list()
    await close_redis(redis)
    for _ in range(TRIES):  # the server notices a moment later
        after = await other.client_list()
        if len(after) == 1:
            break

    assert (len(before), len(after)) == (2, 1)


async def test_closing_does_not_wait_for_a_frozen_server(server: RedisServer) -> None:
    redis = redis_client(server.url)
    await redis.ping()
    server.freeze()

    async with asyncio.timeout(5):
        await close_redis(redis)


async def test_reads_that_were_cancelled_leave_nobody_a_foreign_answer(
    server: RedisServer, connect: Connect
) -> None:
    redis, chance = connect(server.url), random.Random(40)
    names = [f"key {n}" for n in range(KEYS)]
    await redis.mset({name: f"value of {name}" for name in names})

    foreign, cancelled = 0, 0
    for name in names:
        reads = [asyncio.create_task(redis.get(chance.choice(names))) for _ in range(4)]
        for _ in range(chance.randrange(12)):
            await asyncio.sleep(0)
        cancelled += sum(read.cancel() for read in reads)
        answer = await redis.get(name)
        foreign += answer != f"value of {name}".encode()
        await asyncio.gather(*reads, return_exceptions=True)

    assert cancelled >= KEYS
    assert foreign == 0
