"""
A server that does nothing but refuse: what attackers cost whoever shares the processors.

The attackers need the same two processors as the server and its neighbour. What the neighbour
loses to that alone is measured beside the same clients sending here.
"""

import asyncio
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection as Pipe

import uvloop

ANSWER = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
PAUSE_SECONDS = 0.3
"""Before a refusal, as in the service: who comes again at once does so as often."""
READ_BYTES = 64 * 1024
MOST_READ_BYTES = 256 * 1024
"""Of a body that is still coming after the answer: enough for a client to see it."""
PATIENCE_SECONDS = 2.0


@contextmanager
def a_sink() -> Iterator[int]:
    """The port of one, in a process of its own."""
    spawning = multiprocessing.get_context("spawn")
    ours, theirs = spawning.Pipe()
    process = spawning.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.kill()
        process.join()


def _serve(pipe: Pipe) -> None:
    async def run() -> None:
        server = await asyncio.start_server(_refuse, "127.0.0.1", backlog=1_000)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())


async def _refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(PATIENCE_SECONDS):
            await reader.read(READ_BYTES)
            await asyncio.sleep(PAUSE_SECONDS)
            writer.write(ANSWER)
            writer.write_eof()
            left = MOST_READ_BYTES
            while left > 0 and (read := await reader.read(READ_BYTES)):
                left -= len(read)
    writer.close()
