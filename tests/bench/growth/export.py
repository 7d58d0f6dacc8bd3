"""
How `swiftcrm lead export` writes a million leads: its memory, its first line, its progress.

    python -m tests.bench.growth.export --leads 1000000

Its standard output is a pipe, which this reads to the end, and its standard error a terminal.
*First* is the time until the first lead is there; in an Excel file, until its first byte.
"""

import argparse
import os
import pty
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tests.bench.growth.filling import fill_evenly
from tests.bench.pace.processes import most_resident_mib
from tests.bench.pace.report import RESULTS, conditions, grid, keep, progress
from tests.support.program import PROGRAM, environment
from tests.support.servers.mongod import mongod
from tests.support.stores import KINDS, Store, a_store

LINES_TO_THE_FIRST_LEAD = {"csv": 2, "ndjson": 1, "xlsx": 0}
PROJECT = "Acme"
PIECE_BYTES = 256 * 1024


@dataclass(frozen=True)
class Export:
    """
    One export.

    Attributes:
        first_seconds: Until the first lead is there.
        progress_seconds: Until a line on the terminal says how far it is; None if none did.
        memory_mib: The most that the process had.
    """

    seconds: float
    first_seconds: float
    progress_seconds: float | None
    memory_mib: float
    written_mib: float


class Terminal:
    """A terminal that a process writes to; everything is read, and thrown away."""

    def __init__(self) -> None:
        self._end, self.other_end = pty.openpty()
        self.written_at: float | None = None
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def close(self) -> None:
        """After the process: wait until all that it wrote is read."""
        os.close(self.other_end)
        self._reader.join()
        os.close(self._end)

    def _read(self) -> None:
        while True:
            try:
                text = os.read(self._end, 4096)
            except OSError:  # nobody has the other end any more
                return
            if b"leads written" in text or b"leads read" in text:
                self.written_at = self.written_at or time.perf_counter()


def export(store: Store, form: str) -> Export:
    """Run it, and read what it writes as it comes."""
    terminal = Terminal()
    began = time.perf_counter()
    process = subprocess.Popen(
        [*PROGRAM, "lead", "export", PROJECT, "--format", form],
        env=environment(store),
        cwd=store.folder,
        stdout=subprocess.PIPE,
        stderr=terminal.other_end,
    )
    assert process.stdout is not None
    with process.stdout as output:
        first_at, written, memory = _read(output, process.pid, LINES_TO_THE_FIRST_LEAD[form])
    seconds = time.perf_counter() - began
    if process.wait() != 0:
        raise SystemExit(f"lead export --format {form} ended with {process.returncode}")
    terminal.close()
    return Export(
        seconds=seconds,
        first_seconds=first_at - began,
        progress_seconds=None if terminal.written_at is None else terminal.written_at - began,
        memory_mib=memory,
        written_mib=written / 2**20,
    )


def _read(output: BinaryIO, process_id: int, first_lines: int) -> tuple[float, int, float]:
    """When so many lines were there, how many bytes came, and the most memory meanwhile."""
    first_at, lines, written, memory = 0.0, 0, 0, 0.0
    while piece := os.read(output.fileno(), PIECE_BYTES):
        written += len(piece)
        lines += piece.count(b"\n") if not first_at else 0
        if not first_at and lines >= first_lines:
            first_at = time.perf_counter()
        memory = most_resident_mib(process_id) or memory
    return first_at, written, memory


def measure(kind: str, leads: int) -> Mapping[str, Export]:
    """An export of each format from one store."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        store = a_store(kind, Path(folder), lambda: stack.enter_context(mongod()).url())
        store.account(PROJECT)
        fill_evenly(leads, store, progress)
        found = {}
        for form in LINES_TO_THE_FIRST_LEAD:
            progress(f"{kind}: exporting {form}")
            found[f"{kind}, {form}"] = export(store, form)
        return found


def table(found: Mapping[str, Export]) -> str:
    """A row for each store and format."""
    return grid(
        ("", "first s", "progress s", "all s", "written MiB", "memory MiB"),
        *(
            (
                name,
                f"{one.first_seconds:.2f}",
                "none" if one.progress_seconds is None else f"{one.progress_seconds:.2f}",
                f"{one.seconds:.1f}",
                f"{one.written_mib:.0f}",
                f"{one.memory_mib:.0f}",
            )
            for name, one in found.items()
        ),
    )


def main() -> None:
    """Fill each store, export from it, and print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.growth.export",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--store", choices=KINDS, nargs="+", default=KINDS)
    parser.add_argument("--leads", type=int, default=1_000_000)
    options = parser.parse_args()
    print(f"{conditions()}; {options.leads:,} leads")
    found: dict[str, Export] = {}
    for kind in options.store:
        found |= measure(kind, options.leads)
    progress("")
    print(table(found))
    keep(RESULTS / "export.json", found)


if __name__ == "__main__":
    main()
