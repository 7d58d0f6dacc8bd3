"""A proxy in front of the service that loses answers, as those in the field do."""

import http.client
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TIMEOUT_SECONDS = 20


@dataclass(frozen=True)
class Instead:
    """What the client gets in place of the service's answer, which the proxy has by then."""

    status: int
    body: bytes
    headers: Mapping[str, str]


BAD_GATEWAY = Instead(502, b"<h1>Bad gateway</h1>", {"Retry-After": "0"})
NOT_FOUND = Instead(404, b"<h1>Not found</h1>", {"Retry-After": "0"})


class Front:
    """Passes every call on; the first answers are replaced by *instead*, in their order."""

    def __init__(self, port: int, service_port: int, instead: list[Instead]) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.idempotency_keys: list[str | None] = []
        self.instead = deque(instead)
        self.service_port = service_port


@contextmanager
def in_front_of(service_port: int, *instead: Instead) -> Iterator[Front]:
    """A proxy on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            front.idempotency_keys.append(self.headers["Idempotency-Key"])
            body = self.rfile.read(int(self.headers["Content-Length"]))
            passed_on = http.client.HTTPConnection(
                "127.0.0.1", front.service_port, timeout=TIMEOUT_SECONDS
            )
            passed_on.request("POST", self.path, body, dict(self.headers))
            answer = passed_on.getresponse()
            status, headers, text = answer.status, dict(answer.getheaders()), answer.read()
            passed_on.close()
            if front.instead:
                other = front.instead.popleft()
                status, headers, text = other.status, dict(other.headers), other.body
            self.send_response_only(status)
            for name, value in headers.items():
                if name.lower() not in ("content-length", "connection"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

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
