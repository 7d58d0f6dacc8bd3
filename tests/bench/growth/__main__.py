"""
What becomes of a lead's time and price where there is more of something.

    python -m tests.bench.growth projects       1, 100 and 1,000 in one stream of leads
    python -m tests.bench.growth processes      1, 2 and 4, which serve one project
    python -m tests.bench.growth connections    16 to 1,024; makes the picture
    python -m tests.bench.growth leads          none stored, and a million

All sizes of a side are measured in turns, and each beside the smallest.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from tests.bench.growth.filling import fill_evenly
from tests.bench.growth.picture import picture
from tests.bench.pace.report import (
    RESULTS,
    UNITS,
    conditions,
    figures,
    keep,
    median,
    progress,
    ratios,
)
from tests.bench.pace.rounds import Case, Found, in_turns
from tests.bench.pace.sides import BARE, OURS, Machine

CONNECTIONS, LEADS = "connections", "leads"


@dataclass(frozen=True)
class Growth:
    """What grows: its sizes, and what has it."""

    sizes: Sequence[int]
    sides: Sequence[str] = tuple(OURS)


GROWTHS = {
    "projects": Growth((1, 100, 1_000)),
    "processes": Growth((1, 2, 4)),
    CONNECTIONS: Growth((16, 64, 256, 1_024), (BARE, *OURS)),
    LEADS: Growth((0, 1_000_000), ("ours, SQLite", "ours, Motor")),
}


def row(side: str, size: int) -> str:
    """What a side of this size is called in the table."""
    return f"{side}, {size:,}"


def _cases(
    machine: Machine, what: str, sides: Sequence[str], sizes: Sequence[int], connections: int
) -> Sequence[Case]:
    if what == CONNECTIONS:
        started = [machine.side(name) for name in sides]
        return [Case(row(one.name, size), one, size) for one in started for size in sizes]
    names = {row(name, size): (name, size) for name in sides for size in sizes}
    return [
        Case(label, machine.ours(label, OURS[name], **_grown(what, size)), connections)
        for label, (name, size) in names.items()
    ]


def _grown(what: str, size: int) -> dict[str, Any]:
    """How a side is told to have so many of it."""
    return {"fill": partial(fill_evenly, size, say=progress)} if what == LEADS else {what: size}


def _draw(found: Found, sides: Sequence[str], sizes: Sequence[int]) -> None:
    """Leads a second and times to the answer, each against connections."""

    def lines(field: str) -> dict[str, list[float]]:
        return {side: [median(found[row(side, size)], field) for size in sizes] for side in sides}

    path = RESULTS / "connections.svg"
    panels = {"leads/s": "per_second", "p50, ms": "p50_ms", "p99, ms": "p99_ms"}
    path.write_text(picture(sizes, {title: lines(field) for title, field in panels.items()}))
    print(f"drawn in {path}\n")


def main() -> None:
    """Measure, print the tables, keep the rounds; draw them for connections."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.growth",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", choices=GROWTHS)
    parser.add_argument("--sides", choices=(BARE, *OURS), nargs="+")
    parser.add_argument("--sizes", type=int, nargs="+")
    parser.add_argument("--connections", type=int, default=64, help="where they do not grow")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3, help="each in each round")
    options = parser.parse_args()
    growth = GROWTHS[options.what]
    sides, sizes = options.sides or growth.sides, options.sizes or growth.sizes
    if options.what != CONNECTIONS and BARE in sides:
        parser.error(f"{BARE} has no {options.what}")
    print(f"{conditions()}, by {options.what}; {UNITS}")
    with Machine(progress) as machine:
        cases = _cases(machine, options.what, sides, sizes, options.connections)
        found = in_turns(cases, options.rounds, options.seconds, progress)
    progress("")
    beside = {row(side, size): row(side, sizes[0]) for side in sides for size in sizes[1:]}
    print(figures(found))
    print("\n" + ratios(found, beside, "to the smallest"))
    keep(RESULTS / f"{options.what}.json", found)
    if options.what == CONNECTIONS:
        _draw(found, sides, sizes)


if __name__ == "__main__":
    main()
