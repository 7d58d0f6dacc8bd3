"""
Where the processor time of a lead goes, part by part, so that the parts add up to the whole.

    python -m tests.bench.profile --store motor --other /path/to/another/tree/src

The time of the main thread is shared out by what it was seen at, a thousand times a second; looking
costs it some per cent. Time in which it waits for something to do is not counted.
"""

import argparse
import json
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from tests.bench.pace.report import RESULTS, conditions, keep, progress
from tests.bench.pace.sender import load
from tests.bench.pace.sides import BARE, OURS, ROOT, Machine, Side
from tests.bench.profile.sampled import OTHER, PARTS, WAITING
from tests.support.stores import KINDS, SQLITE

CONNECTIONS = 64
THREADS = "other threads: the store's"
LOOP = "event loop"
WHOLE = "a lead"
EMPTY = "an empty Sanic request"
WAIT_SECONDS = 10.0
Parts = Mapping[str, float]
"""Microseconds of a processor for each lead."""


def measured(machine: Machine, kind: str, source: Path, seconds: float) -> Parts:
    """The parts of a lead in the program of this tree."""
    path = machine.folder() / "seen.json"
    launcher = (sys.executable, "-m", "tests.bench.profile.sampled", str(path))
    side = machine.ours(f"{kind}, {source}", kind, source=source, launcher=launcher)
    [service] = side.services
    _load(side, 1.0)
    os.kill(service, signal.SIGUSR1)
    before, began = _by_thread(service), time.perf_counter()
    leads = _load(side, seconds)
    after, wall = _by_thread(service), time.perf_counter() - began
    os.kill(service, signal.SIGUSR2)
    seen = _read(path)
    main = after[service] - before[service]
    others = sum(used - before.get(one, 0.0) for one, used in after.items() if one != service)
    looks = sum(seen.values())
    each = {part: seen.get(part, 0) / looks * wall for part in (*PARTS, OTHER)}
    each[LOOP] = max(0.0, each.pop(WAITING) - (wall - main))
    each |= {THREADS: others, WHOLE: main + others}
    return {part: spent / leads * 1e6 for part, spent in each.items()}


def _load(side: Side, seconds: float) -> int:
    """How many leads were sent; by a process of its own, whose threads are not ours."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return len(pool.apply(load, (side.ports, side.requests, CONNECTIONS, seconds)).took)


def _by_thread(process_id: int) -> Mapping[int, float]:
    """The processor seconds of each thread; that of the process's number is the main one."""
    found = {}
    for path in Path(f"/proc/{process_id}/task").iterdir():
        fields = (path / "stat").read_text().rpartition(")")[2].split()
        ticks = int(fields[11]) + int(fields[12])
        found[int(path.name)] = ticks / os.sysconf("SC_CLK_TCK")
    return found


def _read(path: Path) -> Mapping[str, int]:
    deadline = time.monotonic() + WAIT_SECONDS
    while not path.exists():
        if time.monotonic() > deadline:
            raise SystemExit("the program does not say what it was seen at")
        time.sleep(0.01)
    found: Mapping[str, int] = json.loads(path.read_text())
    return found


def empty(machine: Machine, seconds: float) -> float:
    """What a request costs that does nothing, in microseconds."""
    side = machine.side(BARE)
    [service] = side.services
    _load(side, 1.0)
    before = sum(_by_thread(service).values())
    leads = _load(side, seconds)
    return (sum(_by_thread(service).values()) - before) / leads * 1e6


def table(columns: Mapping[str, Parts]) -> str:
    """A row for each part, the dearest of the first column first."""
    first = next(iter(columns.values()))
    parts = sorted((part for part in first if part != WHOLE), key=lambda part: -first[part])
    lines = [f"{'microseconds of a processor':<32}" + "".join(f"{name:>10}" for name in columns)]
    for part in (*parts, WHOLE):
        figures = "".join(f"{found.get(part, 0.0):>10.1f}" for found in columns.values())
        lines.append(f"{part:<32}{figures}")
    return "\n".join(lines)


def main() -> None:
    """Measure this tree, and another one if it is named, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.profile", description=__doc__)
    parser.add_argument("--store", choices=KINDS, default=SQLITE)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--other", type=Path, help="the `src` of another tree, beside this one")
    options = parser.parse_args()
    print(f"{conditions()}, {CONNECTIONS} connections, {_name(options.store)}")
    sources = {"before": options.other.resolve()} if options.other else {}
    with Machine(progress) as machine:
        columns = {
            name: measured(machine, options.store, source, options.seconds)
            for name, source in (sources | {"now": ROOT / "src"}).items()
        }
        request = empty(machine, options.seconds)
    progress("")
    print(table(columns))
    print(f"{EMPTY:<32}{request:>{10 * len(columns)}.1f}")
    keep(RESULTS / f"profile-{options.store}.json", {**columns, EMPTY: request})


def _name(kind: str) -> str:
    return next(name for name, one in OURS.items() if one == kind)


if __name__ == "__main__":
    main()
