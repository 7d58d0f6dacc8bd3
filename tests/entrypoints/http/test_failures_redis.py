"""When Redis is flushed, killed or frozen: nobody is refused for it, and ready says so."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.entrypoints.http.conftest import poster
from tests.support.program import serving
from tests.support.servers.redis_server import RedisServer, redis_server
from tests.support.stores import Store
from tests.support.wire import request


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    folder = tmp_path / "redis"
    folder.mkdir()
    with redis_server(folder) as server:
        yield server


@pytest.fixture
def fresh(tmp_path: Path) -> Store:
    return Store(tmp_path / "swiftcrm.db")


@pytest.mark.parametrize("away", ["kill", "freeze"])
def test_without_redis_leads_are_captured_and_limits_hold(
    fresh: Store, redis: RedisServer, away: str
) -> None:
    account = fresh.account(monthly_limit=30)
    with serving(fresh, redis_url=redis.url) as server:
        post = poster(server, account)
        ready = request(server.port, "GET", "/api/ready")
        before = [post({}).status for _ in range(10)]
        getattr(redis, away)()
        without = [post({}).status for _ in range(10)]
        server.wait_until(lambda: request(server.port, "GET", "/api/ready").status == 503)
        unready = request(server.port, "GET", "/api/ready")
        (redis.start if away == "kill" else redis.thaw)()
        server.wait_until(lambda: request(server.port, "GET", "/api/ready").status == 200)
        after = [post({}).status for _ in range(15)]

    assert ready.status == 200
    assert before == without == [201] * 10
    assert unready.json()["checks"] == {"database": "ok", "redis": "down"}
    assert after == [201] * 10 + [429] * 5


def test_two_processes_share_the_windows_and_a_flush_only_loosens_them(
    fresh: Store, redis: RedisServer
) -> None:
    account = fresh.account()
    settings = {"redis_url": redis.url, "rate_limit": "20/hour"}
    with serving(fresh, **settings) as one, serving(fresh, **settings) as other:
        first = [poster(one, account)({}).status for _ in range(20)]
        other.wait_until(lambda: poster(other, account)({}).status == 429)
        taken = len(fresh.leads(account))
        fresh.update(account, monthly_limit=taken + 10)
        redis.flush()
        known = [poster(server, account)({}).code for server in (one, other)]
        with serving(fresh, **settings) as newcomer:
            anew = [poster(newcomer, account)({}) for _ in range(15)]

    assert first == [201] * 20
    assert known == ["RATE_LIMITED"] * 2
    assert [answer.status for answer in anew] == [201] * 10 + [429] * 5
    assert anew[-1].code == "PLAN_LIMIT_REACHED"
    assert len(fresh.leads(account)) == taken + 10
