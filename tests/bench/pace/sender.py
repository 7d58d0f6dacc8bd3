"""
The senders: one process that costs as little as Python can, since it shares the machine.

Each connection posts one lead, waits for its answer, and posts the next one.
"""

import resource
import select
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle

END_OF_HEAD = b"\r\n\r\n"
CREATED = b"HTTP/1.1 201"
LARGEST_ANSWER_BYTES = 64 * 1024


@dataclass(frozen=True)
class Load:
    """
    What the senders saw.

    Attributes:
        took: The seconds until each answer.
        seconds: From the first request to the last answer.
        processor_seconds: What the senders themselves took.
    """

    took: Sequence[float]
    seconds: float
    processor_seconds: float


class _Connection:
    """One of them, with the requests that it sends in turn."""

    def __init__(self, port: int, requests: Iterator[bytes]) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._requests = requests
        self._answer = b""
        self.sent_at = 0.0

    def send(self) -> None:
        self.sent_at = time.perf_counter()
        self.socket.sendall(next(self._requests))

    def has_answer(self) -> bool:
        """Read what is there; whether the answer is whole by now."""
        part = self.socket.recv(LARGEST_ANSWER_BYTES)
        self._answer += part
        head, end, body = self._answer.partition(END_OF_HEAD)
        if part and not (end and len(body) >= _length(head)):
            return False
        if not head.startswith(CREATED):
            raise SystemExit(f"not captured: {self._answer.decode(errors='replace')}")
        self._answer = b""
        return True


def _length(head: bytes) -> int:
    return int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])


def load(ports: Sequence[int], requests: Sequence[bytes], connections: int, seconds: float) -> Load:
    """Send *requests* over and over from so many *connections*, each at another place of them."""
    used_before = _processor_seconds()
    opened = [
        _Connection(ports[n % len(ports)], cycle([*requests[n:], *requests[:n]]))
        for n in (number % len(requests) for number in range(connections))
    ]
    by_number = {one.socket.fileno(): one for one in opened}
    took: list[float] = []
    with select.epoll() as poll:
        for number in by_number:
            poll.register(number, select.EPOLLIN)
        began = time.perf_counter()
        for one in opened:
            one.send()
        waiting = len(opened)
        while waiting:
            for number, _ in poll.poll():
                one = by_number[number]
                if not one.has_answer():
                    continue
                now = time.perf_counter()
                took.append(now - one.sent_at)
                if now - began < seconds:
                    one.send()
                else:
                    one.socket.close()
                    waiting -= 1
    return Load(took, time.perf_counter() - began, _processor_seconds() - used_before)


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
