"""
The senders: one process that costs as little as Python can, since it shares the machine.

They keep their connections, and each has one call under way at most.
"""

import random
import resource
import select
import socket
import time
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import NamedTuple

END_OF_HEAD = b"\r\n\r\n"
CREATED = 201
LARGEST_ANSWER_BYTES = 64 * 1024


class NotCaptured(Exception):
    """A call had another answer than those that are measured."""


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


class Answered(NamedTuple):
    """
    One call.

    Attributes:
        due: When it was to be sent, as `time.perf_counter` says it in each process.
        took: The seconds from then until its answer.
    """

    due: float
    took: float
    status: int


class _Connection:
    """One of them."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.answer = b""
        self.since = 0.0

    def fileno(self) -> int:
        return self.socket.fileno()

    def send(self, request: bytes, since: float) -> None:
        self.since, self.answer = since, b""
        self.socket.sendall(request)

    def status(self) -> int | None:
        """Read what is there; the status of the answer once it is whole."""
        part = self.socket.recv(LARGEST_ANSWER_BYTES)
        self.answer += part
        head, end, body = self.answer.partition(END_OF_HEAD)
        if not part:
            raise NotCaptured(f"the service closed the connection after {self.answer!r}")
        return int(head[9:12]) if end and len(body) >= _length(head) else None


def _length(head: bytes) -> int:
    return int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])


def load(ports: Sequence[int], requests: Sequence[bytes], connections: int, seconds: float) -> Load:
    """
    Post from so many *connections*, each the next one of *requests* once it has its answer.

    Each begins at another place of *requests*, which it sends over and over. These places are as
    far apart as can be, so that all are sent equally often at any time.

    Raises:
        NotCaptured: An answer was no 201.
    """
    used_before = _processor_seconds()
    opened = [_Connection(ports[number % len(ports)]) for number in range(connections)]
    by_number = {one.fileno(): one for one in opened}
    starts = [number * len(requests) // connections for number in range(connections)]
    calls = {
        one.fileno(): cycle([*requests[start:], *requests[:start]])
        for one, start in zip(opened, starts, strict=True)
    }
    took: list[float] = []
    with select.epoll() as poll:
        for number in by_number:
            poll.register(number, select.EPOLLIN)
        began = time.perf_counter()
        for number, one in by_number.items():
            one.send(next(calls[number]), time.perf_counter())
        waiting = connections
        while waiting:
            for number, _ in poll.poll():
                one = by_number[number]
                if (status := one.status()) is None:
                    continue
                now = time.perf_counter()
                took.append(now - one.since)
                if status != CREATED:
                    raise NotCaptured(one.answer.decode(errors="replace"))
                if now - began < seconds:
                    one.send(next(calls[number]), now)
                else:
                    one.socket.close()
                    waiting -= 1
    return Load(took, time.perf_counter() - began, _processor_seconds() - used_before)


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def paced(
    port: int, calls: Iterable[bytes], connections: int, per_second: float
) -> Sequence[Answered]:
    """
    Send so many of *calls* a second, whatever comes back when.

    They come by chance, as calls of many people do, and the same each time: senders that keep step
    would meet at each call, or at none. A call for which no connection is free waits, which is a
    part of what it takes.
    """
    chance = random.Random(per_second)
    free = deque(_Connection(port) for _ in range(connections))
    busy: set[_Connection] = set()
    answered: list[Answered] = []
    due = time.perf_counter()
    waiting = iter(calls)
    call = next(waiting, None)
    while call is not None or busy:
        early = due - time.perf_counter()
        if call is not None and free and early <= 0:
            one = free.popleft()
            one.send(call, due)
            busy.add(one)
            due += chance.expovariate(per_second)
            call = next(waiting, None)
            continue
        patience = early if call is not None and free else None
        for one in select.select(busy, (), (), patience)[0]:
            if (status := one.status()) is not None:
                answered.append(Answered(one.since, time.perf_counter() - one.since, status))
                busy.remove(one)
                free.append(one)
    for one in free:
        one.socket.close()
    return answered
