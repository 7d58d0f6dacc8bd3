"""Servers that do one thing, mostly a wrong one, to whoever calls them."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager

TIMEOUT_SECONDS = 20
NOTHING = b""
"""The answer of a server that hangs up."""


class OddServer:
    """Reads each call, one after the other, and answers always the same."""

    def __init__(self, listener: socket.socket) -> None:
        self.port: int = listener.getsockname()[1]
        self.calls: list[bytes] = []

    def url(self, scheme: str = "http", host: str = "127.0.0.1") -> str:
        """The address of a webhook on it, with a key as ours has."""
        return f"{scheme}://{host}:{self.port}/api/postcards/webhook?api_key=swk_secret"


@contextmanager
def odd_server(
    answer: bytes | None,
    *,
    tls: ssl.SSLContext | None = None,
    reads: bool = True,
    closes: bool = True,
) -> Iterator[OddServer]:
    """
    A server on a free port.

    Args:
        answer: The bytes that each call is answered with; None keeps it waiting for ever.
        reads: Whether the call is read before.
        closes: Whether the connection is closed after the answer.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = OddServer(listener)
        end = threading.Event()

        def serve() -> None:
            while not end.is_set():
                with contextlib.suppress(OSError):
                    connection, _ = listener.accept()
                    if end.is_set():
                        connection.close()
                        return
                    connection.settimeout(TIMEOUT_SECONDS)
                    with _wrapped(connection, tls) as stream:
                        if reads:
                            server.calls.append(_read(stream))
                        if answer is not None:
                            stream.sendall(answer)
                        if answer is None or not closes:
                            end.wait(TIMEOUT_SECONDS)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            end.set()
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", server.port)).close()
            thread.join(TIMEOUT_SECONDS)


def http_answer(status: int, body: bytes = b"", **headers: str) -> bytes:
    """An answer as HTTP has it; underscores in the names of headers are hyphens."""
    rows = {"Content-Length": str(len(body)), "Connection": "close"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in rows.items())
    return f"HTTP/1.1 {status} Whatever\r\n{head}\r\n".encode() + body


@contextmanager
def closed_port() -> Iterator[int]:
    """A port that nobody listens on, and that nobody else gets meanwhile."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def _wrapped(connection: socket.socket, tls: ssl.SSLContext | None) -> socket.socket:
    if tls is None:
        return connection
    try:
        return tls.wrap_socket(connection, server_side=True)
    except OSError:
        connection.close()
        raise


def _read(stream: socket.socket) -> bytes:
    """A whole call: its head, and as much body as that says."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += (part := stream.recv(65536))
        if not part:
            return data
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    while lengths and len(body) < int(lengths[0].partition(b":")[2]):
        body += (part := stream.recv(65536))
        if not part:
            break
    return head + b"\r\n\r\n" + body
