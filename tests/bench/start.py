"""
How long the program takes to start and to stop, and what it needs while nobody calls.

    python -m tests.bench.start --times 5

Its modules are compiled, as after an installation. *Ready* is when `/api/ready` says so, *idle* the
memory a second later, *stop* the time from SIGTERM to the end of the process.
"""

import argparse
import statistics
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path

from tests.bench.pace.processes import program, resident_mib
from tests.bench.pace.report import RESULTS, conditions, grid, keep, progress
from tests.support.program import PROGRAM, environment
from tests.support.servers.mongod import mongod
from tests.support.stores import KINDS, Store, a_store

COMPILES = {"PYTHONDONTWRITEBYTECODE": ""}
IDLE_SECONDS = 1.0
PATIENCE_SECONDS = 30.0
POLL_SECONDS = 0.01
FIGURES = ("ready s", "idle MiB", "stop s")


def help_seconds(store: Store) -> float:
    """How long `swiftcrm --help` takes."""
    began = time.perf_counter()
    subprocess.run(
        [*PROGRAM, "--help"],
        env=environment(store) | COMPILES,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - began


def one_life(store: Store) -> Sequence[float]:
    """Start it, wait, and stop it: the `FIGURES`."""
    command = (*PROGRAM, "serve", "--port", "PORT")
    with ExitStack() as stack:
        began = time.perf_counter()
        port, process_id = stack.enter_context(
            program(store.folder, command, environment(store) | COMPILES)
        )
        _wait_until_ready(port)
        ready = time.perf_counter() - began
        time.sleep(IDLE_SECONDS)
        idle = resident_mib(process_id)
        began = time.perf_counter()
        stack.close()
        return ready, idle, time.perf_counter() - began


def _wait_until_ready(port: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/api/ready")
        status = connection.getresponse().status
        connection.close()
        if status == 200:
            return
        time.sleep(POLL_SECONDS)
    raise SystemExit("it does not become ready")


def measure(kinds: Sequence[str], times: int) -> Mapping[str, Sequence[Sequence[float]]]:
    """So many lives over each store; the first life, which compiles, is left out."""
    found: dict[str, list[Sequence[float]]] = {}
    for kind in kinds:
        with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
            store = a_store(kind, Path(folder), lambda: stack.enter_context(mongod()).url())
            store.account()
            found[kind] = []
            for number in range(times + 1):
                progress(f"{kind}: start {number} of {times}")
                found[kind].append(one_life(store))
            del found[kind][0]
    return found


def main() -> None:
    """Print medians, and the slowest."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.start",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--store", choices=KINDS, nargs="+", default=KINDS)
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "none.db")
        helps = [help_seconds(store) for _ in range(options.times + 1)][1:]
    found = measure(options.store, options.times)
    progress("")
    print(f"{conditions()}; medians of {options.times}, and the most")
    rows = [("swiftcrm --help, s", _said(helps))]
    rows += [
        (f"{kind}: {figure}", _said([one[place] for one in lives]))
        for kind, lives in found.items()
        for place, figure in enumerate(FIGURES)
    ]
    print(grid(("", "median", "most"), *((name, *figures) for name, figures in rows)))
    keep(RESULTS / "start.json", {"help s": helps, **found})


def _said(figures: Sequence[float]) -> tuple[str, str]:
    median, most = statistics.median(figures), max(figures)
    return f"{median:.2f}", f"{most:.2f}"


if __name__ == "__main__":
    main()
