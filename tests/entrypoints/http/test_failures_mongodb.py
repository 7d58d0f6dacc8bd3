"""When MongoDB is away, at the start or later: a true answer, in time, and no restart."""

from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

import pytest

from tests.entrypoints.http.conftest import LEAD, poster
from tests.support.mongod import Mongod
from tests.support.mongod import mongod as mongod_process
from tests.support.servers import Server, serving
from tests.support.stores import Account, Store, a_store
from tests.support.wire import Answer, request

ANSWERED_WITHIN_SECONDS = 2.5
"""The promise; what is asked below leaves room for a slow machine."""
ROOM = 2


@pytest.fixture(scope="module")
def own_mongod() -> Iterator[Mongod]:
    with mongod_process() as server:
        yield server


@pytest.fixture(params=["motor"])
def store(request: pytest.FixtureRequest, tmp_path: Path, own_mongod: Mongod) -> Store:
    return a_store(request.param, tmp_path, own_mongod.url)


def until(server: Server, answers: Callable[[], bool]) -> None:
    server.wait_until(answers, timeout_seconds=20)


def post(server: Server, account: Account) -> Answer:
    began = monotonic()
    answer = poster(server, account)({"name": "Ada"})
    assert monotonic() - began < ANSWERED_WITHIN_SECONDS * ROOM
    return answer


@pytest.mark.parametrize(
    ("store", "away"), [("motor", "kill"), ("pymongo", "freeze")], indirect=["store"]
)
def test_while_the_server_is_away_a_capture_is_503_and_afterwards_201(
    store: Store, own_mongod: Mongod, away: str
) -> None:
    account = store.account()
    with serving(store) as server:
        before = post(server, account)
        getattr(own_mongod, away)()
        refused = [post(server, account) for _ in range(3)]
        health = request(server.port, "GET", "/api/health")
        unready = request(server.port, "GET", "/api/ready")
        (own_mongod.start if away == "kill" else own_mongod.thaw)()
        until(server, lambda: post(server, account).status == 201)
        until(server, lambda: request(server.port, "GET", "/api/ready").status == 200)

    assert before.status == 201
    assert {(one.status, one.code) for one in refused} == {(503, "STORAGE_UNAVAILABLE")}
    assert {one.headers["retry-after"] for one in refused} == {"5"}
    assert (health.status, unready.status) == (200, 503)
    assert unready.json()["checks"] == {"database": "down", "redis": "ok"}
    assert b"127.0.0.1" not in unready.body + refused[0].body
    assert {line["level"] for line in server.lines} <= {"info", "error"}
    assert "http.defect" not in {line["event"] for line in server.lines}


def test_a_service_that_starts_before_its_store_serves_when_it_comes(
    store: Store, own_mongod: Mongod
) -> None:
    account = store.account()
    own_mongod.kill()
    with serving(store) as server:
        health = request(server.port, "GET", "/api/health")
        unready = request(server.port, "GET", "/api/ready")
        refused = post(server, account)
        own_mongod.start()
        until(server, lambda: request(server.port, "GET", "/api/ready").status == 200)
        taken = post(server, account)

    assert (health.status, unready.status) == (200, 503)
    assert (refused.status, refused.code) == (503, "STORAGE_UNAVAILABLE")
    assert taken.status == 201


def test_a_key_is_not_refused_for_want_of_a_server(store: Store, own_mongod: Mongod) -> None:
    account = store.account()
    with serving(store) as server:
        own_mongod.kill()
        answer = request(server.port, "POST", LEAD, {"X-Api-Key": account.key}, b"{}")
        own_mongod.start()

    assert (answer.status, answer.code) == (503, "STORAGE_UNAVAILABLE")
