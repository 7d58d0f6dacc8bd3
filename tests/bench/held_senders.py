"""Those who send what is refused, and a neighbour who does not: each in a process of its own."""

import asyncio
import itertools
import json
import time
from collections import Counter

import uvloop

from tests.bench.senders import LEAD, post
from tests.support.load import LEAD as PATH
from tests.support.load import lead_bytes
from tests.support.stores import Account

PLAN, DOMAIN, VALIDATION, BROKEN = "plan", "domain", "validation", "broken JSON"
KINDS = {PLAN: 429, DOMAIN: 403, VALIDATION: 422, BROKEN: 400}
"""What is refused, and with which status."""
ACCEPTED = "leads"
"""The same flood of calls that are not refused: what the machine gives to anybody."""
PAGE = "https://example.org"
LISTED = "example.com"
KEEP_ALIVE = (b"Connection: close\r\n", b"")


def a_refused_call(kind: str, account: Account, number: int) -> bytes:
    """One that says what no other says."""
    lead = LEAD | {"name": f"Person {number}", "email": f"person{number}@example.com"}
    body = json.dumps(lead | {"email": f"person{number}"} if kind == VALIDATION else lead)
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: test\r\nX-Api-Key: {account.key}\r\n"
        + (f"Origin: {PAGE}\r\n" if kind == DOMAIN else "")
        + f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return (head + (body[:-1] + "," if kind == BROKEN else body)).encode()


def flood(
    port: int, account: Account, kind: str, numbers: range, connections: int, per_second: float
) -> tuple[float, Counter[int]]:
    """Send these calls, at most so many a second; how long it took, and the answers' statuses."""
    statuses: Counter[int] = Counter()
    waiting = iter(numbers)
    began = time.perf_counter()

    async def send() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in waiting:
            due = began + (number - numbers.start) / per_second
            if (early := due - time.perf_counter()) > 0:
                await asyncio.sleep(early)
            writer.write(a_refused_call(kind, account, number))
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            await reader.readexactly(length)
            statuses[int(head[9:12])] += 1
        writer.close()

    async def run() -> None:
        await asyncio.gather(*(send() for _ in range(connections)))

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())
    return time.perf_counter() - began, statuses


def neighbour(port: int, account: Account, per_second: float, seconds: float) -> list[float]:
    """Post leads at this pace, whatever comes back when; the milliseconds that each took."""
    took: list[float] = []
    data = lead_bytes(account, LEAD).replace(*KEEP_ALIVE)
    began = time.perf_counter()
    turns = itertools.count()

    async def send() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while (due := began + next(turns) / per_second) < began + seconds:
            if (early := due - time.perf_counter()) > 0:
                await asyncio.sleep(early)
            await post(reader, writer, data)
            took.append((time.perf_counter() - due) * 1000)
        writer.close()

    async def run() -> None:
        await asyncio.gather(*(send() for _ in range(16)))

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())
    return took
