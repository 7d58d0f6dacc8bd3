"""
Through how many files of the source a lead walks, until it is written and until it is answered.

    python -m tests.bench.walk --store sqlite --show
    python -m tests.bench.walk --source /another/tree/src

Counted are the files that the walk enters, its changes of file (a function that is entered, or
goes on after it waited, is in another file than the one before), and the functions it calls.
Where a walk is longer than `LONGEST` allows, this ends with 1. Whoever shortens a walk lowers the
figures there.
"""

import argparse
import json
import platform
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from tests.bench.calls import APP_SECRET, CALLS, DOMAIN
from tests.bench.deployment import KINDS, ROOT, SQLITE, Deployment, deployed
from tests.bench.tracing import Step
from tests.support.wire import Connection

SOURCE = ROOT / "src"
PROJECT = "Acme"
WARM_UP = 5
"""After so many calls everything is imported, and the caches know what they need."""
AGREEING = 3
"""The shortest walk counts once so many calls took it: work in the background only adds to it."""
MOST_CALLS = 60
MOST_JUMPS = 20


class Size(NamedTuple):
    """How long a walk is."""

    files: int
    changes: int
    functions: int


class Sizes(NamedTuple):
    """How long it is until the store is told to write, and until the answer is written."""

    written: Size
    answered: Size


class Longest(NamedTuple):
    """The most files and changes of file of a walk that is allowed."""

    written: tuple[int, int]
    answered: tuple[int, int]


LONGEST = {
    ("sqlite", "a REST lead"): Longest((40, 97), (46, 123)),
    ("sqlite", "a message of a new person"): Longest((51, 206), (59, 245)),
    ("sqlite", "a message of a known person"): Longest((50, 202), (59, 246)),
    ("mongodb", "a REST lead"): Longest((41, 87), (44, 117)),
    ("mongodb", "a message of a new person"): Longest((53, 230), (58, 261)),
    ("mongodb", "a message of a known person"): Longest((54, 221), (59, 252)),
}
"""For each store (one for both drivers of MongoDB) and call; what `make bench` measured."""


@dataclass(frozen=True)
class Walk:
    """The functions that one call went through, before and after the store was told to write."""

    before: tuple[Step, ...]
    write: str
    after: tuple[Step, ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        return self.before + self.after

    def sizes(self) -> Sizes:
        return Sizes(size(self.before), size(self.steps))


def size(steps: Sequence[Step]) -> Size:
    files = {step.file for step in steps}
    entered = [step for step in steps if not step.resumed]
    return Size(len(files), jumps(steps).total(), len(entered))


def jumps(steps: Sequence[Step]) -> Counter[tuple[str, str]]:
    """How often the walk leaves one file for another."""
    return Counter((a.file, b.file) for a, b in pairwise(steps) if a.file != b.file)


def without_idle_turns(steps: Sequence[Step]) -> tuple[Step, ...]:
    """
    Leave out each turn in which functions woke up, waited on, and went on in the turn after it.

    How often that happens is the driver's affair: PyMongo wakes whoever waits at each part of an
    exchange, Motor once.
    """
    turns: list[list[Step]] = []
    for step in steps:
        if step.depth == 0 or not turns:
            turns.append([])
        turns[-1].append(step)
    kept = (turn for turn, after in pairwise([*turns, []]) if not _is_idle(turn, after))
    return tuple(step for turn in kept for step in turn)


def _is_idle(turn: Sequence[Step], after: Sequence[Step]) -> bool:
    return all(step.resumed for step in turn) and after[: len(turn)] == turn


def walks(source: Path, kind: str) -> Iterator[tuple[str, Walk]]:
    """Each call and its walk, over a new store of this kind."""
    with deployed(source, kind) as one:
        key = one.command("project", "create", PROJECT, "--domain", DOMAIN)["api_key"]
        one.command("channel", "set", PROJECT, "whatsapp", f"app_secret={APP_SECRET}")
        with one.served() as port:
            for call, request in CALLS.items():
                with Connection(port) as connection:
                    yield call, _shortest_walk(connection, one, partial(request, key))


def _shortest_walk(connection: Connection, one: Deployment, request: Callable[[], bytes]) -> Walk:
    for _ in range(WARM_UP):
        _walk(connection, one, request())
    seen: Counter[Walk] = Counter()
    for _ in range(MOST_CALLS):
        seen[_walk(connection, one, request())] += 1
        shortest = min(seen, key=lambda walk: len(walk.steps))
        if seen[shortest] == AGREEING:
            return shortest
    raise SystemExit(
        f"{MOST_CALLS} calls of one kind took {len(seen)} different walks, and too few of them took"
        " the shortest. Let the machine rest, and measure again."
    )


def _walk(connection: Connection, one: Deployment, request: bytes) -> Walk:
    connection.send(request)
    answer = connection.receive()
    if answer is None or answer.status not in (200, 201):
        raise SystemExit(f"The server did not keep what was sent: {answer}")
    try:
        traced, kept, write = json.loads(one.trace.read_text())
    except FileNotFoundError:
        raise SystemExit("The tracer did not see how the call came, or how it left.") from None
    one.trace.unlink()
    if not write:
        raise SystemExit("The server says that it kept the call, but the tracer saw no write.")
    steps = [Step(*step) for step in traced]
    return Walk(without_idle_turns(steps[:kept]), write, without_idle_turns(steps[kept:]))


def print_walk(walk: Walk) -> None:
    """File by file, each function indented below its callers; `…`: it goes on after it waited."""
    _print_steps(walk.before)
    print(f"----- {walk.write}")
    _print_steps(walk.after)
    print(f"----- answered. The {MOST_JUMPS} most frequent changes of file:")
    for (left, entered), times in jumps(walk.steps).most_common(MOST_JUMPS):
        print(f"{times:>5}  {left} -> {entered}")


def _print_steps(steps: Sequence[Step]) -> None:
    file = ""
    for step in steps:
        if step.file != file:
            file = step.file
            print(file)
        print("  " * (step.depth + 2) + ("… " if step.resumed else "") + step.function)


def growth(kind: str, call: str, sizes: Sizes) -> list[str]:
    """What of the walk is longer than it may be."""
    longest = LONGEST["sqlite" if kind == SQLITE else "mongodb", call]
    return [
        f"{kind}, {call}, until it is {until}: {found} {what}; at most {most} are allowed"
        for until, size, most_of in zip(Sizes._fields, sizes, longest, strict=True)
        for what, found, most in zip(("files", "changes of file"), size[:2], most_of, strict=True)
        if found > most
    ]


def main() -> None:
    """Print a row for each store and call; exit with 1 where a walk of this tree is too long."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.walk", description=__doc__)
    parser.add_argument("--store", choices=KINDS, nargs="+", default=KINDS)
    parser.add_argument("--source", type=Path, default=SOURCE, help="the src of another tree")
    parser.add_argument("--show", action="store_true", help="print each walk as well")
    options = parser.parse_args()
    source: Path = options.source.resolve()
    print(f"Python {platform.python_version()}; files, changes of file, functions called")
    print(f"{'store':<8}{'call':<28}{'until it is written':>21}{'until it is answered':>23}")
    longer = []
    for kind in options.store:
        for call, walk in walks(source, kind):
            sizes = walk.sizes()
            columns = "  ".join("".join(f"{number:>7}" for number in one) for one in sizes)
            print(f"{kind:<8}{call:<28}{columns}", flush=True)
            if options.show:
                print_walk(walk)
            if source == SOURCE:
                longer += growth(kind, call, sizes)
    if longer:
        raise SystemExit("\n".join(("A walk is longer than it may be:", *longer)))


if __name__ == "__main__":
    main()
