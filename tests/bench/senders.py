"""The senders of the benchmark, in a process of their own."""

import asyncio
import time

import uvloop

from tests.support.load import lead_bytes
from tests.support.stores import Account

LEAD = {
    "name": "Ada Lovelace",
    "email": "ada@example.com",
    "phone": "+44 20 7946 0000",
    "source_url": "https://example.com/pricing",
    "utm": {"utm_source": "newsletter"},
}


async def post(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, data: bytes) -> None:
    """Post one lead and wait for its 201; anything else ends the benchmark."""
    writer.write(data)
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    await reader.readexactly(length)
    if not head.startswith(b"HTTP/1.1 201"):
        raise SystemExit(f"not captured: {head.decode()}")


async def _send(port: int, data: bytes, until: float, took: list[float]) -> None:
    """One connection that posts one lead after the other."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while (began := time.perf_counter()) < until:
        await post(reader, writer, data)
        took.append(time.perf_counter() - began)
    writer.close()


def load(ports: list[int], account: Account, connections: int, seconds: float) -> list[float]:
    """Post from so many connections for so long; how many seconds each lead took."""
    data = lead_bytes(account, LEAD).replace(b"Connection: close\r\n", b"")

    async def run() -> list[float]:
        took: list[float] = []
        until = time.perf_counter() + seconds
        await asyncio.gather(
            *(_send(ports[n % len(ports)], data, until, took) for n in range(connections))
        )
        return took

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(run())
