"""Which connections a server holds, as the kernel knows it: a client only knows its own end."""

import asyncio
import json
import re
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Self

EVERY_SECONDS = 0.25
LOCAL, REMOTE, INODE = 1, 2, 9
"""Columns of /proc/net/tcp (proc(5)); a socket that no process holds has no inode."""


class Watch:
    """When each connection to *port* was last held by the server, by its client's port."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self.last_held: dict[int, float] = {}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._is_over.wait(EVERY_SECONDS):
            now = time.monotonic()
            self.last_held.update(dict.fromkeys(held_by_clients_port(self._port), now))


def held_by_clients_port(port: int) -> list[int]:
    """The clients' ports of all connections that the server on *port* has not closed."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return [_port(row[REMOTE]) for row in rows if _port(row[LOCAL]) == port and row[INODE] != "0"]


def _port(address: str) -> int:
    return int(address.partition(":")[2], 16)


NO_ANSWER = "no answer"
CUT = "cut off"
_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)


def a_post(path: str, body: bytes, *headers: str, length: int | None = None) -> bytes:
    """A request that is well-formed; *length* is what it announces where that is not its own."""
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: attacked",
        "Content-Type: application/json",
        f"Content-Length: {len(body) if length is None else length}",
        *headers,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def answer_to(reader: asyncio.StreamReader) -> tuple[str, bool]:
    """The next answer's status and code, and whether the connection may be used again."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = _LENGTH.search(head)
    body = await reader.readexactly(int(length[1]) if length else 0)
    return label(int(head.split(b" ", 2)[1]), body), b"connection: close" not in head.lower()


def label(status: int, body: bytes) -> str:
    """The status with the code where one is in the body; that of a capture says nothing new."""
    try:
        code = json.loads(body)["code"]
    except (ValueError, KeyError, TypeError):
        return str(status)
    return str(status) if status < 300 else f"{status} {code}"


def counted(answers: Mapping[str, int]) -> str:
    """Each answer with how often it came."""
    return ", ".join(f"{count:,} x {text}" for text, count in sorted(answers.items()))
