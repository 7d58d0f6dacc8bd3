"""
What a capture costs while Redis is flushed, killed or frozen: milliseconds a lead, under load.

    python -m tests.bench.redis_away --store motor
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from tests.bench.senders import post
from tests.support.load import lead_bytes
from tests.support.program import serving
from tests.support.servers.mongod import mongod
from tests.support.servers.redis_server import RedisServer, redis_server
from tests.support.stores import KINDS, SQLITE, Account, a_store

CONNECTIONS = 16
PAUSE_SECONDS = 0.02
"""Between two leads of a connection: what is measured is one lead, not the queue of all."""
BEFORE_SECONDS = 4.0
FIRST_SECONDS = 2.0
LATER_SECONDS = 10.0


def _nothing(_: RedisServer) -> None:
    """What the other rows are compared with."""


FAULTS: dict[str, Callable[[RedisServer], object]] = {
    "none": _nothing,
    "FLUSHALL": RedisServer.flush,
    "kill -9": RedisServer.kill,
    "SIGSTOP": RedisServer.freeze,
}


async def _send(port: int, data: bytes, until: float, took: list[tuple[float, float]]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while (began := time.perf_counter()) < until:
        await post(reader, writer, data)
        took.append((began, (time.perf_counter() - began) * 1000))
        await asyncio.sleep(PAUSE_SECONDS)
    writer.close()


async def _measure(port: int, account: Account, fault: Callable[[], object]) -> str:
    forwarded = {"X-Forwarded-For": "203.0.113.7"}  # a peer on this machine is not counted
    data = lead_bytes(account, {"name": "Ada"}, forwarded).replace(b"Connection: close\r\n", b"")
    took: list[tuple[float, float]] = []
    struck = time.perf_counter() + BEFORE_SECONDS
    until = struck + FIRST_SECONDS + LATER_SECONDS
    async with asyncio.TaskGroup() as group:
        for _ in range(CONNECTIONS):
            group.create_task(_send(port, data, until, took))
        await asyncio.sleep(BEFORE_SECONDS)
        await asyncio.to_thread(fault)
    phases = (
        [ms for at, ms in took if at < struck],
        [ms for at, ms in took if struck <= at < struck + FIRST_SECONDS],
        [ms for at, ms in took if at >= struck + FIRST_SECONDS],
    )
    return "  ".join(
        f"{statistics.median(one):>6.1f} {statistics.quantiles(one, n=100)[98]:>6.1f} "
        f"{max(one):>6.1f}"
        for one in phases
    )


def main() -> None:
    """Print a row for each fault."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.redis_away", description=__doc__)
    parser.add_argument("--store", choices=KINDS, default=SQLITE)
    kind = parser.parse_args().store
    print(f"{'':<10}{'before':^22}{f'first {FIRST_SECONDS:.0f} s':^22}{'later':^22}")
    print(f"{'fault':<10}" + "  ".join([f"{'p50':>6} {'p99':>6} {'max':>6}"] * 3))
    for name, fault in FAULTS.items():
        print(f"{name:<10}{_row(kind, fault)}", flush=True)


def _row(kind: str, fault: Callable[[RedisServer], object]) -> str:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        redis = stack.enter_context(redis_server(folder))
        store = a_store(kind, folder, lambda: stack.enter_context(mongod()).url())
        account = store.account()
        limit = "10000000/minute"
        settings = {"redis_url": redis.url, "rate_limit": limit, "trusted_proxies": "127.0.0.1"}
        server = stack.enter_context(serving(store, **settings))
        return asyncio.run(_measure(server.port, account, partial(fault, redis)))


if __name__ == "__main__":
    main()
