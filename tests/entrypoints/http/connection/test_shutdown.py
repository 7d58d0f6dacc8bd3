"""Ending: what was sent is answered, and the process ends in time."""

import signal
import threading
from pathlib import Path
from time import monotonic

import pytest

from tests.support.program import Server, serving
from tests.support.sabotage import program
from tests.support.stores import KINDS, SQLITE, Account, Store, a_store
from tests.support.wire import Connection, request


@pytest.fixture(params=KINDS)
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """A store of the test's own, with either driver: it affects how a program ends."""
    return a_store(request.param, tmp_path, lambda: request.getfixturevalue("mongod").url())


def lead_request(account: Account) -> bytes:
    return (
        f"POST /api/public/lead HTTP/1.1\r\nHost: x\r\nX-Api-Key: {account.key}\r\n"
        "Content-Length: 2\r\n\r\n{}"
    ).encode()


@pytest.mark.parametrize(
    ("fresh", "number"),
    [*((kind, signal.SIGTERM) for kind in KINDS), (SQLITE, signal.SIGINT)],
    indirect=["fresh"],
)
def test_a_signal_ends_an_idle_process_within_two_seconds(
    fresh: Store, number: signal.Signals
) -> None:
    account = fresh.account()
    with serving(fresh) as server, Connection(server.port) as idle:
        idle.send(lead_request(account))
        assert idle.receive() is not None
        began = monotonic()
        server.signal(number)

        assert server.process.wait(timeout=10) == 0
        assert monotonic() - began < 2
        assert idle.is_closed()


def test_under_load_every_request_on_an_open_connection_is_answered(fresh: Store) -> None:
    account = fresh.account()
    statuses: list[int] = []
    resets: list[str] = []

    def keep_posting(server: Server) -> None:
        while True:
            try:
                connection = Connection(server.port)
            except ConnectionRefusedError:
                return  # nobody listens any more: an answer a balancer understands
            with connection:
                while True:
                    try:
                        connection.send(lead_request(account))
                        answer = connection.receive()
                    except OSError as error:
                        resets.append(repr(error))
                        return
                    if answer is None:
                        resets.append("closed without an answer")
                        return
                    statuses.append(answer.status)
                    if answer.headers["connection"] == "close":
                        break

    with serving(fresh) as server:
        threads = [threading.Thread(target=keep_posting, args=(server,)) for _ in range(16)]
        for thread in threads:
            thread.start()
        server.wait_until(lambda: len(statuses) > 200)
        server.signal(signal.SIGTERM)
        for thread in threads:
            thread.join()
        assert server.process.wait(timeout=10) == 0

    assert resets == []
    assert set(statuses) == {201}
    assert len(fresh.leads(account)) == len(statuses)


@pytest.mark.parametrize("fresh", [SQLITE], indirect=True)
def test_during_the_drain_wait_the_process_is_unready_and_still_serves(fresh: Store) -> None:
    account = fresh.account()
    with serving(fresh, drain_wait_seconds="60") as server:
        with Connection(server.port) as connection:
            connection.send(lead_request(account))
            before = connection.receive()
        server.signal(signal.SIGTERM)
        server.wait_for("server.ending")

        ready = request(server.port, "GET", "/api/ready")
        health = request(server.port, "GET", "/api/health")
        lead = request(server.port, "POST", "/api/public/lead", {"X-Api-Key": account.key}, b"{}")
        server.signal(signal.SIGTERM)
        code = server.process.wait(timeout=10)

    assert before is not None
    assert before.headers["connection"] == "keep-alive"
    assert (ready.status, ready.code) == (503, "NOT_READY")
    assert ready.json()["checks"] == {"database": "ok", "redis": "ok"}
    assert (health.status, health.headers["connection"]) == (200, "close")
    assert (lead.status, lead.headers["connection"]) == (201, "close")
    assert code == 0  # a second signal does not wait


@pytest.mark.parametrize("fresh", [SQLITE], indirect=True)
def test_a_request_that_hangs_is_answered_before_the_end(fresh: Store) -> None:
    account = fresh.account()
    with (
        serving(fresh, program=program("stalled")) as server,
        Connection(server.port) as connection,
    ):
        connection.send(lead_request(account))
        server.wait_until(lambda: request(server.port, "GET", "/api/health").status == 200)
        server.signal(signal.SIGTERM)
        answer = connection.receive()

        assert answer is not None
        assert answer.status == 503
        assert server.process.wait(timeout=15) == 0


@pytest.mark.parametrize("fresh", [SQLITE], indirect=True)
def test_a_request_that_has_not_come_whole_is_dropped_and_not_taken_for_one_whose_client_left(
    fresh: Store,
) -> None:
    head = lead_request(fresh.account()).removesuffix(b"\r\n{}") + b"Expect: 100-continue\r\n\r\n"
    with serving(fresh) as server, Connection(server.port) as connection:
        connection.send(head)
        assert connection.socket.recv(25) == b"HTTP/1.1 100 Continue\r\n\r\n"
        assert server.stop() == 0
        assert connection.is_closed()
        line = server.line_with(event="http.dropped")

    assert (line["level"], line["path"]) == ("warning", "/api/public/lead")
    assert line["cause"] == "The process ended before this call was answered."
    assert not {"status", "code"} & line.keys()
