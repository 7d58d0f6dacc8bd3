"""Redis flushed, killed or frozen under load: nobody is refused for it, and no limit changes."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.senders import KEPT, Senders, broken_promises
from tests.support.by_hand import places_of
from tests.support.load import post_together
from tests.support.program import Server, serving
from tests.support.repetitions import times
from tests.support.servers.mongod import RunningMongod
from tests.support.servers.redis_server import RedisServer, redis_server
from tests.support.stores import Store, a_store
from tests.support.wire import request

LIMIT = 300
PHASE = 60
FAULTS: dict[str, tuple[Callable[[RedisServer], None], Callable[[RedisServer], None] | None]] = {
    "flush": (RedisServer.flush, None),
    "kill": (RedisServer.kill, RedisServer.start),
    "freeze": (RedisServer.freeze, RedisServer.thaw),
}
"""What is done to the server, and how it comes back if it was away."""
REPETITIONS = times(20, quick=1)
CLIENT = "203.0.113.7"
"""Behind a proxy: the rate of a peer on this machine is not limited, and Redis not asked."""


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    folder = tmp_path / "redis"
    folder.mkdir()
    with redis_server(folder) as server:
        yield server


@pytest.fixture
def store(tmp_path: Path, mongod: RunningMongod) -> Store:
    return a_store("motor", tmp_path, mongod.url)


async def ready(server: Server, status: int) -> None:
    """The server comes to say so."""
    ask = lambda: request(server.port, "GET", "/api/ready").status == status  # noqa: E731
    await asyncio.to_thread(server.wait_until, ask)


@pytest.mark.parametrize("fault", FAULTS)
async def test_every_lead_is_captured_and_the_limit_is_exact_whatever_befalls_redis(
    store: Store, redis: RedisServer, fault: str
) -> None:
    strike, back = FAULTS[fault]
    for _ in range(REPETITIONS):
        account = await asyncio.to_thread(store.account, monthly_limit=LIMIT)
        settings = {"redis_url": redis.url, "rate_limit": "1000000/minute"}
        with serving(store, trusted_proxies="127.0.0.1", **settings) as server:
            await ready(server, 200)
            senders = Senders(server, account, {"X-Forwarded-For": CLIENT})
            load = asyncio.create_task(senders.until(4 * PHASE))
            await senders.promised_so_many_more(PHASE)
            await asyncio.to_thread(strike, redis)
            await senders.promised_so_many_more(PHASE)
            if back:
                await ready(server, 503)
                unready = await asyncio.to_thread(request, server.port, "GET", "/api/ready")
                assert unready.json()["checks"] == {"database": "ok", "redis": "down"}
                await asyncio.to_thread(back, redis)
                await ready(server, 200)
            await load
            captured, left = len(senders.promised), LIMIT - len(senders.promised)
            late = [{"name": f"late lead {number}"} for number in range(left + 20)]
            answers = await post_together([server.port], account, late, X_Forwarded_For=CLIENT)

        assert senders.odd == set()
        assert await broken_promises(store, account, senders) == KEPT
        assert Counter(one.status if one else 0 for one in answers) == {201: left, 429: 20}
        assert sorted(places_of(store, account)) == list(range(1, captured + left + 1))
