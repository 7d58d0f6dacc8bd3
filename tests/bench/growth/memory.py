"""
The memory of the service over minutes of full load.

    python -m tests.bench.growth.memory --minutes 10

In the first two minutes caches fill; what is added after them is looked for.
"""

import argparse
import math
from collections.abc import Mapping, Sequence

from tests.bench.pace.report import RESULTS, conditions, grid, keep, progress
from tests.bench.pace.rounds import Round, senders
from tests.bench.pace.sides import OURS, Machine

EVERY_SECONDS = 30.0
SETTLED_SECONDS = 120.0


def measure(name: str, minutes: float, every: float, connections: int) -> Sequence[Round]:
    """A round each *every* seconds, one after the other."""
    rounds = []
    with Machine(progress) as machine, senders() as sending:
        side = machine.side(name)
        for number in range(math.ceil(minutes * 60 / every)):
            memory = f", {rounds[-1].memory_mib:.0f} MiB" if rounds else ""
            progress(f"{name}: minute {number * every / 60:.1f} of {minutes:g}{memory}")
            rounds.append(sending.measure(side, connections, every))
    return rounds


def change(memory: Sequence[float], every: float) -> float | None:
    """By how many percent it grew from the second minute to the end; None before there is one."""
    settled = memory[math.ceil(SETTLED_SECONDS / every) - 1 :]
    return (settled[-1] / settled[0] - 1) * 100 if len(settled) > 1 else None


def table(found: Mapping[str, Sequence[Round]], every: float) -> str:
    """A row for each time, a column for each side; the change in the last row."""
    memory = {name: [one.memory_mib for one in rounds] for name, rounds in found.items()}
    changes = [change(one, every) for one in memory.values()]
    return grid(
        ("minute", *(f"{name}, MiB" for name in memory)),
        *(
            (f"{number * every / 60:.1f}", *(f"{one:.1f}" for one in row))
            for number, row in enumerate(zip(*memory.values(), strict=True), start=1)
        ),
        ("from the second on", *("-" if one is None else f"{one:+.1f} %" for one in changes)),
    )


def main() -> None:
    """Load one side after the other, and print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.growth.memory",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--sides", choices=OURS, nargs="+", default=["ours, SQLite", "ours, Motor"])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--every", type=float, default=EVERY_SECONDS, help="seconds")
    parser.add_argument("--connections", type=int, default=64)
    options = parser.parse_args()
    print(f"{conditions()}, {options.connections} connections at full load")
    found = {
        name: measure(name, options.minutes, options.every, options.connections)
        for name in options.sides
    }
    progress("")
    print(table(found, options.every))
    keep(RESULTS / "memory.json", found)


if __name__ == "__main__":
    main()
