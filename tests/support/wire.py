"""HTTP by hand over a real socket: also what no client library would send."""

import contextlib
import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from tests.support.servers.log_search import remember_request

TIMEOUT_SECONDS = 20


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        return str(self.json()["code"])


class Connection:
    """One connection to a server; what was sent together may be answered one by one."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_SECONDS)
        self._buffer = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        remember_request(data)
        self.socket.sendall(data)

    def receive(self) -> Answer | None:
        """The next answer; None if the server closed instead."""
        head = self._until(b"\r\n\r\n")
        if head is None:
            return None
        status_line, *lines = head.decode("latin-1").split("\r\n")
        headers = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        status = int(status_line.split(" ")[1])
        if status == 100:
            return self.receive()
        length = int(headers.get("content-length", "0"))
        while len(self._buffer) < length:
            if not self._read():
                raise AssertionError("the answer was cut")
        body, self._buffer = self._buffer[:length], self._buffer[length:]
        return Answer(status, headers, body)

    def is_closed(self) -> bool:
        """Whether the server closes without saying more."""
        return not self._read()

    def _until(self, mark: bytes) -> bytes | None:
        while mark not in self._buffer:
            if not self._read():
                return None
        found, _, self._buffer = self._buffer.partition(mark)
        return found

    def _read(self) -> bool:
        try:
            data = self.socket.recv(65536)
        except ConnectionResetError:
            return False
        self._buffer += data
        return bool(data)


def raw(port: int, data: bytes) -> Answer | None:
    """
    Send these bytes on a connection of their own, and read the answer.

    As clients do that send a body before they read: the server may answer and close meanwhile.
    """
    with Connection(port) as connection:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.send(data)
        return connection.receive()


def request(
    port: int,
    method: str,
    path: str,
    headers: Mapping[str, str | bytes] | list[tuple[str, str | bytes]] | None = None,
    body: bytes | None = None,
) -> Answer:
    """One request that is well-formed but for what *headers* says."""
    rows = list(headers.items()) if isinstance(headers, Mapping) else list(headers or [])
    if body is not None and not any(name.lower() == "content-length" for name, _ in rows):
        rows.append(("Content-Length", str(len(body))))
    data = f"{method} {path} HTTP/1.1\r\nHost: test\r\n".encode()
    for name, value in rows:
        data += name.encode() + b": " + (value if isinstance(value, bytes) else value.encode())
        data += b"\r\n"
    answer = raw(port, data + b"\r\n" + (body or b""))
    assert answer is not None, "the server closed the connection without an answer"
    return answer
