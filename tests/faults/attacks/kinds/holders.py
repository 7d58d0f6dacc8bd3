"""Clients that open a connection and never let it go, in a process of their own."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import uvloop

from tests.faults.attacks.sockets import CUT, NO_ANSWER, answer_to

DRIP_SECONDS = 4.0


@dataclass(frozen=True)
class Holder:
    """
    A client and what it sends.

    Attributes:
        first: What it sends at once.
        drip: What it sends afterwards, a byte every four seconds.
    """

    kind: str
    first: bytes = b""
    drip: bytes = b""


@dataclass(frozen=True)
class Held:
    """What became of one connection; *began* is the moment of its first byte, or of itself."""

    kind: str
    port: int
    began: float
    answer: str


def hold(port: int, holders: Sequence[Holder], seconds: float) -> list[Held]:
    """Open all connections and keep them; a server that wants an end must make it itself."""

    async def run() -> list[Held]:
        until = time.monotonic() + seconds
        return await asyncio.gather(*(_hold(port, holder, until) for holder in holders))

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(run())


async def _hold(port: int, holder: Holder, until: float) -> Held:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    own_port = writer.get_extra_info("sockname")[1]
    began = time.monotonic()
    writer.write(holder.first)
    reading = asyncio.ensure_future(_answer(reader))
    with suppress(OSError):
        for byte in holder.drip:
            await asyncio.sleep(min(DRIP_SECONDS, until - time.monotonic()))
            if time.monotonic() >= until:
                break
            writer.write(bytes([byte]))
            await writer.drain()
    await asyncio.sleep(until - time.monotonic())
    answer = reading.result() if reading.done() else NO_ANSWER
    reading.cancel()
    writer.transport.abort()
    return Held(holder.kind, own_port, began, answer)


async def _answer(reader: asyncio.StreamReader) -> str:
    try:
        return (await answer_to(reader))[0]
    except (OSError, asyncio.IncompleteReadError):
        return CUT
