"""When something behind the service fails: a true answer, in time, with nothing inner in it."""

import threading
from contextlib import closing
from pathlib import Path
from time import monotonic

import pytest

from adapters.sqlite.connection.driver import sqlite3
from tests.entrypoints.http.conftest import poster
from tests.support.program import serving
from tests.support.sabotage import program
from tests.support.stores import Store
from tests.support.wire import request


@pytest.fixture
def fresh(tmp_path: Path) -> Store:
    """What fails here is SQLite's file; servers fail in `test_failures_mongodb`."""
    return Store(tmp_path / "swiftcrm.db")


def test_while_the_store_is_locked_a_capture_is_503_and_so_is_ready_and_then_all_goes_on(
    fresh: Store,
) -> None:
    account = fresh.account()
    with serving(fresh.path) as server:
        post = poster(server, account)
        with closing(sqlite3.connect(fresh.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            refused = post({"name": "locked out"})
            unready = request(server.port, "GET", "/api/ready")
            other.execute("ROLLBACK")
        taken = post({"name": "let in"})
        server.wait_until(lambda: request(server.port, "GET", "/api/ready").status == 200)
        line = server.line_with(request_id=refused.headers["x-request-id"])

    assert (refused.status, refused.code) == (503, "STORAGE_UNAVAILABLE")
    assert refused.headers["retry-after"] == "5"
    assert b"sqlite" not in refused.body
    assert (line["level"], "cause" in line) == ("error", True)
    assert (unready.status, unready.json()["checks"]["database"]) == (503, "down")
    assert taken.status == 201
    assert [lead.details.name for lead in fresh.leads(account)] == ["let in"]


def test_a_store_that_never_answers_is_503_in_time(fresh: Store) -> None:
    account = fresh.account()
    with serving(fresh.path, program=program("stalled")) as server:
        began = monotonic()
        answer = poster(server, account)({})

        assert (answer.status, answer.code) == (503, "STORAGE_UNAVAILABLE")
        assert monotonic() - began < 5  # not a measure: a bound that a waiting client relies on
        assert request(server.port, "GET", "/api/health").status == 200


def test_a_store_that_fails_at_the_key_is_503_and_never_401(fresh: Store) -> None:
    account = fresh.account()
    with serving(fresh.path) as server:
        with closing(sqlite3.connect(fresh.path)) as other:
            other.execute("ALTER TABLE keys RENAME TO lost")
        answer = poster(server, account)({})

    assert (answer.status, answer.code) == (503, "STORAGE_UNAVAILABLE")


def test_a_secret_of_another_key_is_503_and_the_log_names_project_and_setting(
    fresh: Store,
) -> None:
    account = fresh.account()
    fresh.connect(account, app_secret=["0123456789"])
    path = f"/api/whatsapp/webhook?api_key={account.key}"
    with serving(fresh.path, secret_key="B" * 43 + "=") as server:
        answers = [
            request(server.port, "POST", path, {}, b"{}"),
            request(server.port, "GET", f"{path}&hub.mode=subscribe"),
        ]
        lines = [server.line_with(request_id=a.headers["x-request-id"]) for a in answers]

    assert [(a.status, a.code) for a in answers] == [(503, "STORAGE_UNAVAILABLE")] * 2
    for line in lines:
        assert line["project_id"] == account.project_id
        assert "app_secret of whatsapp cannot be read" in line["cause"]
        assert "SWIFTCRM_SECRET_KEY" in line["advice"]
        assert "`swiftcrm channel set PROJECT whatsapp app_secret=-`" in line["advice"]


def test_a_queue_that_is_full_is_503_overloaded(fresh: Store) -> None:
    account = fresh.account()
    answers = []
    with serving(fresh.path, program=program("short-queue")) as server:
        post = poster(server, account)
        threads = [threading.Thread(target=lambda: answers.append(post({}))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert {answer.code for answer in answers} == {"OVERLOADED", "STORAGE_UNAVAILABLE"}
    refused = next(answer for answer in answers if answer.code == "OVERLOADED")
    assert (refused.status, refused.headers["retry-after"]) == (503, "1")


def test_a_defect_is_500_and_its_trace_is_in_the_log_under_the_same_id(fresh: Store) -> None:
    account = fresh.account()
    with serving(fresh.path, program=program("defect")) as server:
        answer = poster(server, account)({})
        server.stop()

    assert (answer.status, answer.code) == (500, "INTERNAL_ERROR")
    assert b"secret" not in answer.body
    line = server.line_with(event="http.defect")
    assert line["request_id"] == answer.json()["request_id"]
    assert line["exception"][0]["exc_type"] == "ZeroDivisionError"
    assert b"ada@example.com" not in server.raw_log


def test_a_store_that_was_deleted_takes_no_lead_and_makes_the_process_unready(
    fresh: Store,
) -> None:
    account = fresh.account()
    with serving(fresh.path) as server:
        assert poster(server, account)({}).status == 201
        fresh.path.rename(fresh.path.with_suffix(".moved"))
        refused = poster(server, account)({})
        server.wait_until(lambda: request(server.port, "GET", "/api/ready").status == 503)
        answer = request(server.port, "GET", "/api/ready")

        assert (refused.status, refused.code) == (503, "STORAGE_UNAVAILABLE")
        assert answer.json() == {
            "code": "NOT_READY",
            "message": "This process should not be sent calls now.",
            "request_id": answer.headers["x-request-id"],
            "status": "unavailable",
            "checks": {"database": "down", "redis": "ok"},
        }
        assert request(server.port, "GET", "/api/health").status == 200
