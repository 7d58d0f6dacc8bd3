"""Which connections a server holds, as the kernel knows it: a client only knows its own end."""

import threading
import time
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
