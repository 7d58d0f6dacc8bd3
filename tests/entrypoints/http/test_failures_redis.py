"""What Redis is for, and what is lost when it is flushed; `tests/faults` kills and freezes it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.entrypoints.http.conftest import poster
from tests.support.program import serving
from tests.support.servers.redis_server import RedisServer, redis_server
from tests.support.stores import Store


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    folder = tmp_path / "redis"
    folder.mkdir()
    with redis_server(folder) as server:
        yield server


@pytest.fixture
def fresh(tmp_path: Path) -> Store:
    return Store(tmp_path / "swiftcrm.db")


def test_two_processes_share_the_windows_and_a_flush_only_loosens_them(
    fresh: Store, redis: RedisServer
) -> None:
    account = fresh.account()
    settings = {
        "redis_url": redis.url,
        "rate_limit": "20/hour",
        "trusted_proxies": "127.0.0.1",
    }
    client = {"X_Forwarded_For": "203.0.113.7"}
    with serving(fresh, **settings) as one, serving(fresh, **settings) as other:
        first = [poster(one, account)({}, **client).status for _ in range(20)]
        other.wait_until(lambda: poster(other, account)({}, **client).status == 429)
        taken = len(fresh.leads(account))
        # What the other let through while it learnt of it is counted too, or it would be counted
        # after the flush, as the first calls of a new window.
        other.wait_until(lambda: redis.calls() == taken)
        fresh.update(account, monthly_limit=taken + 10)
        redis.flush()
        known = [poster(server, account)({}, **client).code for server in (one, other)]
        with serving(fresh, **settings) as newcomer:
            anew = [poster(newcomer, account)({}, **client) for _ in range(15)]

    assert first == [201] * 20
    assert known == ["RATE_LIMITED"] * 2
    assert [answer.status for answer in anew] == [201] * 10 + [429] * 5
    assert anew[-1].code == "PLAN_LIMIT_REACHED"
    assert len(fresh.leads(account)) == taken + 10
