"""When MongoDB is away, at the start or later: a true answer, in time, and no restart."""

from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

import pytest

from adapters.mongodb.connection.schema import SCHEMA_VERSION
from tests.entrypoints.http.conftest import LEAD, poster
from tests.support.program import Server, serving, swiftcrm
from tests.support.repetitions import DRIVERS_TRIED
from tests.support.servers.mongod import Mongod
from tests.support.servers.mongod import mongod as mongod_process
from tests.support.stores import Account, Store, a_store
from tests.support.wire import Answer, request

ANSWERED_WITHIN_SECONDS = 2.5
"""The promise; what is asked below leaves room for a slow machine."""
ROOM = 2


@pytest.fixture(scope="module")
def own_mongod() -> Iterator[Mongod]:
    with mongod_process() as server:
        yield server


@pytest.fixture(params=DRIVERS_TRIED)
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
    ("store", "away"),
    [(driver, away) for driver in DRIVERS_TRIED for away in ("kill", "freeze")],
    indirect=["store"],
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
    assert store_events(server) == ["store.opening", "store.away", "store.back"]


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
    assert store_events(server) == ["store.opening", "store.away", "store.back"]
    assert "mongodb: " in server.line_with(event="store.away")["cause"]


def store_events(server: Server) -> list[str]:
    events = [line["event"] for line in server.lines]
    return [event for event in events if event.startswith("store.")]


def test_a_store_that_turns_out_to_be_unusable_is_said_once(
    store: Store, own_mongod: Mongod
) -> None:
    store.account()
    set_version(own_mongod, store, SCHEMA_VERSION + 1)
    own_mongod.kill()
    with serving(store) as server:
        own_mongod.start()
        said = server.line_with(event="store.unusable")
        set_version(own_mongod, store, SCHEMA_VERSION)
        until(server, lambda: request(server.port, "GET", "/api/ready").status == 200)

    assert (said["level"], "newer version" in said["cause"]) == ("error", True)
    assert store_events(server) == ["store.opening", "store.away", "store.unusable", "store.back"]


def set_version(server: Mongod, store: Store, version: int) -> None:
    name = store.variables()["database_url"].rpartition("/")[2].partition("?")[0]
    with server.client() as client:
        client[name].about.update_one({"_id": "schema"}, {"$set": {"version": version}})


def test_a_key_is_not_refused_for_want_of_a_server(store: Store, own_mongod: Mongod) -> None:
    account = store.account()
    with serving(store) as server:
        own_mongod.kill()
        answer = request(server.port, "POST", LEAD, {"X-Api-Key": account.key}, b"{}")
        own_mongod.start()

    assert (answer.status, answer.code) == (503, "STORAGE_UNAVAILABLE")


def test_a_service_with_wrong_credentials_ends_at_once_and_says_why(tmp_path: Path) -> None:
    with mongod_process("--auth", replica_set=False) as guarded:
        with guarded.client() as client:
            client.admin.command("createUser", "ada", pwd="right", roles=["root"])
        url = f"mongodb://ada:hunter2@{guarded.host}/swiftcrm?authSource=admin"
        store = Store(tmp_path / "unused", url)

        for command in (["serve", "--port", "0"], ["project", "list"]):
            done = swiftcrm(store, *command)

            assert done.returncode == 5
            assert "SWIFTCRM_DATABASE_URL" in done.stderr.splitlines()[-1]
            assert "hunter2" not in done.stderr
