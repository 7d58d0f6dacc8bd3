"""What a fault did to one writer, and the rows that say so."""

import itertools
from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from tests.faults.failover.writers import Attempt

PATIENCE_SECONDS = 2.5
"""What lasts longer came too late for whoever sent it, and counts as failed."""


class Outage(NamedTuple):
    """
    Seconds from the fault on.

    Attributes:
        gap: The longest time in which no write succeeded.
        last_failure: When the last write that failed was given up; 0 where none failed.
        failed: How many failed.
        failed_late: How many failed after the gap.
        slowest: The slowest answer.
    """

    gap: float
    last_failure: float
    failed: int
    failed_late: int
    slowest: float


def outage(attempts: Sequence[Attempt], fault: float, end: float) -> Outage:
    """What came of the *attempts* that were answered between *fault* and *end*."""
    seen = [one for one in attempts if fault <= one.ended <= end]
    moments = sorted(one.ended for one in seen if _is_in_time(one))
    ends = [fault, *moments, end]
    gap, gap_end = max((b - a, b) for a, b in itertools.pairwise(ends))
    failures = [min(one.ended, one.sent + PATIENCE_SECONDS) for one in seen if not _is_in_time(one)]
    return Outage(
        gap=gap,
        last_failure=max(failures, default=fault) - fault,
        failed=len(failures),
        failed_late=sum(moment > gap_end for moment in failures),
        slowest=max((one.ended - one.sent for one in seen), default=0.0),
    )


def _is_in_time(one: Attempt) -> bool:
    return one.is_success and one.ended - one.sent <= PATIENCE_SECONDS


class Row(NamedTuple):
    """
    One fault.

    Attributes:
        unready: For how many seconds `/api/ready` said that the program is not.
    """

    fault: str
    ours: Outage
    plain: Outage
    unready: float


_COLUMNS = ("gap s", "last failure", "failed", "late", "slowest s")
HEAD = (
    f"{'':<12}{'leads':^50}  {'plain majority writer':^50}{'unready':>9}\n"
    f"{'fault':<12}"
    + "  ".join(["".join(f"{name:>{max(len(name), 6) + 2}}" for name in _COLUMNS)] * 2)
    + f"{'s':>9}"
)


def line(row: Row) -> str:
    """One fault as a line under `HEAD`."""
    return (
        f"{row.fault:<12}"
        + "  ".join(map(_figures, (row.ours, row.plain)))
        + f"{row.unready:>9.1f}"
    )


def summary(rows: Sequence[Row]) -> list[str]:
    """For each kind of fault the median and the longest gap, and what failed after it."""
    kinds = dict.fromkeys(row.fault for row in rows)
    return [_summed(kind, [row for row in rows if row.fault == kind]) for kind in kinds]


def _summed(kind: str, rows: Sequence[Row]) -> str:
    return f"{len(rows)} {kind}s: " + "; ".join(
        f"{whose} gap median {median(one.gap for one in outages):.1f} s,"
        f" longest {max(one.gap for one in outages):.1f} s,"
        f" {sum(one.failed_late for one in outages)} failed after it"
        for whose, outages in (
            ("leads", [row.ours for row in rows]),
            ("plain writer", [row.plain for row in rows]),
        )
    )


def counted(attempts: Sequence[Attempt]) -> str:
    """How often what was said."""
    return ", ".join(f"{said}: {n}" for said, n in Counter(a.said for a in attempts).most_common())


def _figures(one: Outage) -> str:
    cells = (f"{one.gap:.1f}", f"{one.last_failure:.1f}", one.failed, one.failed_late,
             f"{one.slowest:.1f}")  # fmt: skip
    return "".join(
        f"{cell:>{max(len(name), 6) + 2}}" for name, cell in zip(_COLUMNS, cells, strict=True)
    )
