"""
What a capture costs while Redis is flushed, killed or frozen: milliseconds a lead, under load.

    python -m tests.bench.redis_away --store motor
"""

import argparse
import multiprocessing
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from multiprocessing.pool import Pool
from pathlib import Path

from tests.bench.calls import rest_lead
from tests.bench.pace.sender import CREATED, paced
from tests.support.program import serving
from tests.support.servers.mongod import mongod
from tests.support.servers.redis_server import RedisServer, redis_server
from tests.support.stores import KINDS, SQLITE, Account, a_store

CONNECTIONS = 16
PER_SECOND = 300
"""Fewer than it can take: what is measured is one lead, not the queue of all."""
PHASES_SECONDS = BEFORE_SECONDS, FIRST_SECONDS, LATER_SECONDS = 4.0, 2.0, 10.0


def _nothing(_: RedisServer) -> None:
    """What the other rows are compared with."""


FAULTS: dict[str, Callable[[RedisServer], object]] = {
    "none": _nothing,
    "FLUSHALL": RedisServer.flush,
    "kill -9": RedisServer.kill,
    "SIGSTOP": RedisServer.freeze,
}


def _measure(port: int, account: Account, fault: Callable[[], object], pool: Pool) -> str:
    calls = [rest_lead(account.key)] * int(PER_SECOND * sum(PHASES_SECONDS))
    sending = pool.apply_async(paced, (port, calls, CONNECTIONS, PER_SECOND))
    time.sleep(BEFORE_SECONDS)
    struck = time.perf_counter()
    fault()
    answered = sending.get()
    if any(one.status != CREATED for one in answered):
        raise SystemExit(f"statuses {Counter(one.status for one in answered)}")
    phases = (
        [one for one in answered if one.due < struck],
        [one for one in answered if struck <= one.due < struck + FIRST_SECONDS],
        [one for one in answered if one.due >= struck + FIRST_SECONDS],
    )
    return "  ".join(_said([one.took * 1000 for one in phase]) for phase in phases)


def _said(took: Sequence[float]) -> str:
    p99 = statistics.quantiles(took, n=100)[98]
    return f"{statistics.median(took):>6.1f} {p99:>6.1f} {max(took):>6.1f}"


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
        pool = stack.enter_context(multiprocessing.get_context("spawn").Pool(1))
        return _measure(server.port, account, partial(fault, redis), pool)


if __name__ == "__main__":
    main()
