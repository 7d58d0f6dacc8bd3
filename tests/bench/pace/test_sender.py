"""The senders, before a service that answers as a test says."""

import socketserver
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler

import pytest

from tests.bench.pace.sender import NotCaptured, load, paced


@contextmanager
def answering(status_of: Callable[[str], int]) -> Iterator[tuple[int, list[str]]]:
    """Its port, and the bodies that it is sent; each answer leaves in two parts."""
    bodies: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            bodies.append(body)
            self.send_response(status_of(body))
            self.send_header("Content-Length", "8")
            self.end_headers()
            self.wfile.write(b"half")
            self.wfile.write(b"half")

        def log_message(self, *_: object) -> None: ...

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True  # they wait for calls of connections that a failure left open
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.server_address[1], bodies
        finally:
            server.shutdown()
            thread.join()


def calls(bodies: Sequence[str]) -> list[bytes]:
    return [
        f"POST / HTTP/1.1\r\nContent-Length: {len(one)}\r\n\r\n{one}".encode() for one in bodies
    ]


def test_every_answer_is_counted_once_it_is_whole() -> None:
    with answering(lambda _: 201) as (port, bodies):
        sent = load([port], calls("abc"), connections=4, seconds=0.05)

    assert len(sent.took) == len(bodies) >= 4


def test_the_connections_begin_as_far_apart_as_can_be() -> None:
    with answering(lambda _: 201) as (port, bodies):
        load([port], calls("abcdef"), connections=3, seconds=0)

    assert sorted(bodies) == ["a", "c", "e"]


def test_a_service_that_does_not_take_a_lead_ends_the_measurement() -> None:
    with answering(lambda _: 422) as (port, _), pytest.raises(NotCaptured, match="422"):
        load([port], calls("a"), connections=1, seconds=0.05)


def test_each_paced_call_is_sent_once_with_the_status_that_it_got() -> None:
    numbers = [f"{number}" for number in range(20)]

    with answering(lambda body: 200 + int(body)) as (port, bodies):
        answered = paced(port, calls(numbers), connections=3, per_second=2_000)

    assert sorted(bodies, key=int) == numbers
    assert sorted(one.status for one in answered) == [200 + n for n in range(20)]


def test_a_paced_call_takes_from_when_it_was_due_also_while_it_waits_for_a_connection() -> None:
    with answering(lambda _: 201) as (port, _):
        answered = paced(port, calls("abcdef"), connections=1, per_second=1e9)

    first, *_, last = answered
    assert last.due < first.due + first.took
    assert last.took > first.took
