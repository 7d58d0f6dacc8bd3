"""
Leads a second, beside an empty Sanic handler on the same machine in the same minutes.

Senders, services and servers share the processors, and machines differ from hour to hour: what
counts is how the sides compare within one run.
"""

import argparse
from collections.abc import Mapping
from pathlib import Path

from tests.bench.pace.report import (
    RESULTS,
    UNITS,
    conditions,
    figures,
    keep,
    progress,
    ratios,
    times,
)
from tests.bench.pace.rounds import Case, Found, in_turns
from tests.bench.pace.sides import BARE, NAIVE, OURS, PEERS, Machine

SIDES = (BARE, *OURS, NAIVE)


def main() -> None:
    """Measure, print the tables, and keep the rounds as JSON."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.pace", description=__doc__)
    parser.add_argument("--sides", choices=(*SIDES, *PEERS), nargs="+", default=SIDES)
    parser.add_argument("--peers", action="store_true", help=f"and {' and '.join(PEERS)}")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4, help="each side in each round")
    parser.add_argument("--other", type=Path, help="the `src` of another tree, beside this one")
    parser.add_argument("--json", type=Path, default=RESULTS / "pace.json", help="keep all here")
    options = parser.parse_args()
    names = [*options.sides, *(PEERS if options.peers else ())]
    others = {name: f"{name} (other)" for name in names if name in OURS and options.other}
    print(f"{conditions()}, {options.connections} connections; {UNITS}")
    with Machine(progress) as machine:
        sides = [machine.side(name) for name in names]
        sides += [
            machine.ours(other, OURS[name], source=options.other.resolve())
            for name, other in others.items()
        ]
        cases = [Case(side.name, side, options.connections) for side in sides]
        found = in_turns(cases, options.rounds, options.seconds, progress)
    progress("")
    _print(found, others)
    keep(options.json, found)


def _print(found: Found, others: Mapping[str, str]) -> None:
    print(figures(found))
    if BARE in found:
        print("\n" + ratios(found, {name: BARE for name in found if name != BARE}, f"to {BARE}"))
    if others:
        print("\n" + ratios(found, others, "to the other tree"))
    ours, theirs = ([one for one in found if one in some] for some in (OURS, (NAIVE, *PEERS)))
    if ours and theirs:
        print("\n" + times(found, ours, theirs))


if __name__ == "__main__":
    main()
