"""
Leads a second, beside an empty Sanic handler on the same machine in the same minutes.

Senders, services and servers share the processors, and machines differ from hour to hour: what
counts is how the sides compare within one run.
"""

import argparse
import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.bench.pace.rounds import Round, in_turns, medians
from tests.bench.pace.sides import BARE, NAIVE, OURS, Machine

COLUMNS = (
    ("service_ms", 8, 3, "service"),
    ("database_ms", 7, 3, "mongod"),
    ("redis_ms", 6, 3, "redis"),
    ("sender_ms", 7, 3, "sender"),
    ("memory_mib", 5, 0, "MiB"),
    ("batch", 6, 0, "batch"),
)


def table(found: Mapping[str, Sequence[Round]]) -> str:
    """A row for each side: medians, with the least and the most leads a second."""
    heads = "".join(f"{head:>{width + 1}}" for _, width, _, head in COLUMNS)
    lines = [f"{'':<16} {'leads/s':>8} {'min–max':>13} {'of bare':>8} {'p50':>6} {'p99':>6}{heads}"]
    bare = medians(found[BARE])["per_second"] if BARE in found else None
    for name, rounds in found.items():
        row, rates = medians(rounds), [one.per_second for one in rounds]
        share = "" if bare is None else f"{row['per_second'] / bare:.2f}"
        span = f"{min(rates):.0f}–{max(rates):.0f}"
        figures = "".join(
            f" {row[field]:>{width}.{places}f}" for field, width, places, _ in COLUMNS
        )
        lines.append(
            f"{name:<16} {row['per_second']:>8.0f} {span:>13} {share:>8}"
            f" {row['p50_ms']:>6.1f} {row['p99_ms']:>6.1f}{figures}"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure, print the table, and keep the rounds as JSON."""
    names = (BARE, *OURS, NAIVE)
    parser = argparse.ArgumentParser(prog="python -m tests.bench.pace", description=__doc__)
    parser.add_argument("--sides", choices=names, nargs="+", default=names)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4, help="each side in each round")
    parser.add_argument("--other", type=Path, help="the `src` of another tree, beside this one")
    parser.add_argument("--json", type=Path, help="keep all rounds here")
    options = parser.parse_args()
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} processors,"
        f" {options.connections} connections; p50, p99 and processor time a lead in ms"
    )
    with Machine() as machine:
        sides = [machine.side(name) for name in options.sides]
        if options.other:
            sides += [
                machine.ours(f"{name} (other)", OURS[name], source=options.other.resolve())
                for name in options.sides
                if name in OURS
            ]
        found = in_turns(sides, options.rounds, options.connections, options.seconds, _say)
    _say("")
    print(table(found))
    if options.json:
        rows = {name: [vars(one) for one in rounds] for name, rounds in found.items()}
        options.json.write_text(json.dumps(rows, indent=1))


def _say(text: str) -> None:
    """Progress, on a terminal."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
