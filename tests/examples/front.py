"""A proxy in front of the service that loses answers, as those in the field do."""

import http.client
import json
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TIMEOUT_SECONDS = 20


@dataclass(frozen=True)
class Answer:
    """
    What the client gets: the service's own, or what the proxy puts in its place.

    Attributes:
        status: Without one the proxy hangs up.
        headers: All there are. Without a Content-Length the body ends where the connection does.
        closed_seconds: For how long the proxy refuses every further call, for good. A client that
            waits as long as it was told does not notice.
    """

    status: int | None = None
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=lambda: {"Retry-After": "0"})
    closed_seconds: float = 0


def refusal(status: int, code: str) -> Answer:
    """One of the service's own, after which a client may come again at once."""
    return Answer(
        status, json.dumps({"code": code, "message": "."}, separators=(",", ":")).encode()
    )


HALF = b'{"code":"LEAD_CREATED","message":"Lead cap'
BAD_GATEWAY = Answer(502, b"<h1>Bad gateway</h1>")
NOT_FOUND = Answer(404, b"<h1>Not found</h1>")
CUT = Answer(201, HALF, {"Retry-After": "0", "Content-Length": "133"})
CUT_UNNOTICED = Answer(201, HALF)
CAME_TOO_EARLY = refusal(403, "CAME_TOO_EARLY")


class Front:
    """
    Passes every call on; the first answers are replaced by *instead*, in their order.

    Attributes:
        preflight_came: A browser asks whether it may call.
        preflights_pass: Until it is set, no browser hears whether it may.
    """

    def __init__(self, port: int, service_port: int, instead: list[Answer]) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.idempotency_keys: list[str | None] = []
        self.instead = deque(instead)
        self.service_port = service_port
        self.opens_at = time.monotonic()
        self.preflight_came = threading.Event()
        self.preflights_pass = threading.Event()


@contextmanager
def in_front_of(service_port: int, *instead: Answer) -> Iterator[Front]:
    """A proxy on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            front.idempotency_keys.append(self.headers["Idempotency-Key"])
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if time.monotonic() < front.opens_at:
                self._answer(CAME_TOO_EARLY)
                return
            answer = self._passed_on(body)
            if front.instead:
                answer = front.instead.popleft()
                front.opens_at = time.monotonic() + answer.closed_seconds
            self._answer(answer)

        def do_OPTIONS(self) -> None:
            front.preflight_came.set()
            assert front.preflights_pass.wait(TIMEOUT_SECONDS)
            self._answer(self._passed_on(b""))

        def _passed_on(self, body: bytes) -> Answer:
            service = http.client.HTTPConnection(
                "127.0.0.1", front.service_port, timeout=TIMEOUT_SECONDS
            )
            service.request(self.command, self.path, body, dict(self.headers))
            answer = service.getresponse()
            text = answer.read()
            service.close()
            headers = {n: v for n, v in answer.getheaders() if n.lower() != "connection"}
            return Answer(answer.status, text, headers)

        def _answer(self, answer: Answer) -> None:
            if answer.status is None:
                return
            self.send_response_only(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    front = Front(server.server_address[1], service_port, list(instead))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield front
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
