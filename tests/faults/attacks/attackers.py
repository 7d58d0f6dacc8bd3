"""Clients that send again and again, in a process of their own."""

import asyncio
import os
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import uvloop

from tests.faults.attacks.sockets import CUT, NO_ANSWER, answer_to
from tests.support.servers.log_search import remember_request

NICENESS = 10
"""Who measures comes first: it shares the processors with the attackers."""

NEW_CLIENTS_A_SECOND = 300
"""What attacks is what they send and hold, not how fast the first of them come."""


@dataclass(frozen=True)
class Client:
    """
    What one client sends, each time on a connection of its own.

    Attributes:
        last_byte_after: Seconds for which the last byte is kept back.
        pause_seconds: Between an answer and the next connection.
        at_most: Requests.
    """

    request: bytes
    last_byte_after: float = 0.0
    pause_seconds: float = 0.0
    at_most: int = 1_000

    def __post_init__(self) -> None:
        remember_request(self.request)


def be_patient() -> None:
    """Give way to other processes."""
    os.nice(NICENESS)


def flood(port: int, clients: Sequence[Client], seconds: float) -> Counter[str]:
    """Let all of them send for so long; how they were answered."""
    answers: Counter[str] = Counter()

    async def begin(number: int, until: float) -> None:
        await asyncio.sleep(number / NEW_CLIENTS_A_SECOND)
        await _send(port, clients[number], until, answers)

    async def run() -> None:
        until = time.monotonic() + seconds
        await asyncio.gather(*(begin(number, until) for number in range(len(clients))))

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())
    return answers


async def _send(port: int, client: Client, until: float, answers: Counter[str]) -> None:
    for _ in range(client.at_most):
        left = until - time.monotonic()
        if left <= 0:
            break
        try:
            async with asyncio.timeout(left):
                answer = await _ask(port, client)
        except TimeoutError:
            answer = NO_ANSWER
        except (OSError, asyncio.IncompleteReadError):
            answer = CUT
        answers[answer] += 1
        await asyncio.sleep(client.pause_seconds)


async def _ask(port: int, client: Client) -> str:
    """Send one request and read, all the while, for its answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    reading = asyncio.ensure_future(answer_to(reader))
    try:
        body = memoryview(client.request)
        writer.write(body[:-1])
        await asyncio.wait({reading}, timeout=client.last_byte_after)
        if not reading.done():
            writer.write(body[-1:])
        return (await reading)[0]
    finally:
        reading.cancel()
        writer.transport.abort()
