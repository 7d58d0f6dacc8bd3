"""
Leads a second over HTTP, with 1, 2, 4 and 8 serving processes on one project of one store.

The senders share the machine with the servers, so the figures are this machine's under both.
"""

import argparse
import multiprocessing
import os
import platform
import statistics
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.bench.senders import load
from tests.support.program import serving
from tests.support.servers.mongod import mongod
from tests.support.stores import KINDS, SQLITE, a_store


def measure(kind: str, processes: int, connections: int, seconds: float) -> str:
    """One row: leads a second, how long each took, and what the servers used of a processor."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        store = a_store(kind, Path(folder), lambda: stack.enter_context(mongod()).url())
        account = store.account()
        servers = [stack.enter_context(serving(store, rate_limit="off")) for _ in range(processes)]
        ports = [server.port for server in servers]
        before = sum(_processor_seconds(server.process.pid) for server in servers)
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            took = pool.apply(load, (ports, account, connections, seconds))
        used = sum(_processor_seconds(server.process.pid) for server in servers) - before
    quantiles = statistics.quantiles(took, n=100)
    p50, p99 = quantiles[49] * 1000, quantiles[98] * 1000
    return (
        f"{processes:>9} {connections:>11} {len(took) / seconds:>8.0f} {p50:>8.1f} {p99:>8.1f}"
        f" {used / len(took) * 1000:>12.3f}"
    )


def _processor_seconds(pid: int) -> float:
    """What the process has used so far, in Python and in the kernel (proc(5), `stat`)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Print a row for each number of processes."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--store", choices=KINDS, default=SQLITE)
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2, 4, 8])
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 64])
    parser.add_argument("--seconds", type=float, default=8)
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, {options.store}")
    print("processes connections  leads/s   p50 ms   p99 ms  cpu ms/lead")
    for connections in options.connections:
        for processes in options.processes:
            print(measure(options.store, processes, connections, options.seconds), flush=True)


if __name__ == "__main__":
    main()
