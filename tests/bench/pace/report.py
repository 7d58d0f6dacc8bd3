"""What was measured, for who looks on, and for later."""

import json
import os
import platform
import statistics
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.pace.rounds import Found, Round

RESULTS = Path(__file__).parents[1] / "results"
"""Here each measurement leaves its figures; the next one of its name takes its place."""

FIGURES = {
    "p50": ("p50_ms", 1),
    "p99": ("p99_ms", 1),
    "service": ("service_ms", 3),
    "mongod": ("database_ms", 3),
    "sender": ("sender_ms", 3),
    "MiB": ("memory_mib", 0),
    "batch": ("batch", 0),
}
"""The figures in the table, with their decimals."""
UNITS = "times in ms; of processors, a lead's"
RATIOS = {"leads/s": "per_second", "p99": "p99_ms", "processor": "service_ms"}


def conditions() -> str:
    """On what all this was measured."""
    return f"Python {platform.python_version()}, {os.cpu_count()} processors"


def grid(*rows: Sequence[str], gap: str = "  ") -> str:
    """Rows below each other, the heads first; all but the first column are numbers."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        gap.join(
            f"{cell:>{width}}" if place else f"{cell:<{width}}"
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )


def figures(found: Found) -> str:
    """The medians of each row, with the least and the most leads a second."""
    return grid(
        ("", "leads/s", "min–max", *FIGURES),
        *(
            (
                name,
                f"{median(rounds, 'per_second'):.0f}",
                f"{min(rates):.0f}–{max(rates):.0f}",
                *(_number(median(rounds, field), places) for field, places in FIGURES.values()),
            )
            for name, rounds in found.items()
            for rates in [[one.per_second for one in rounds]]
        ),
        gap=" ",  # a terminal has 80 columns
    )


def _number(figure: float, places: int) -> str:
    """A side without a `mongod` has no figures of one."""
    return f"{figure:.{places}f}" if figure else "-"


def ratios(found: Found, beside: Mapping[str, str], what: str) -> str:
    """Each row of *beside* divided by another one; *what* says by which."""
    return grid(
        (what, *RATIOS),
        *(
            (name, *(f"{ratio(found[name], found[other], of):.2f}" for of in RATIOS.values()))
            for name, other in beside.items()
        ),
    )


def times(found: Found, ours: Sequence[str], theirs: Sequence[str]) -> str:
    """How many times as many leads a second *ours* take as *theirs*."""
    return grid(
        ("times as many leads/s", *ours),
        *(
            (
                f"as {other}",
                *(f"{ratio(found[one], found[other], 'per_second'):.1f}" for one in ours),
            )
            for other in theirs
        ),
    )


def median(rounds: Sequence[Round], field: str) -> float:
    return statistics.median(getattr(one, field) for one in rounds)


def ratio(rounds: Sequence[Round], others: Sequence[Round], field: str) -> float:
    """
    The median of what one round is to the other one of the same turn.

    The machine may be faster in the next turn, for both.
    """
    pairs = zip(rounds, others, strict=True)
    return statistics.median(getattr(one, field) / getattr(other, field) for one, other in pairs)


def keep(path: Path, found: object) -> None:
    """Write *found* down as JSON, and say where."""
    about = {"conditions": conditions(), "at": datetime.now(UTC).isoformat(timespec="seconds")}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({**about, "found": found}, indent=1, default=vars))
    print(f"\nkept in {os.path.relpath(path)}\n")


def progress(text: str) -> None:
    """What is done now, on a terminal, in a line that the next one replaces."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)
