"""What commands print: stable JSON for programs, plain tables for people."""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated

import typer
from rich.cells import cell_len, set_cell_size

from entrypoints.exports.json_text import UNPRINTABLE, json_text, moment

AsJson = Annotated[
    bool, typer.Option("--json", help="Print JSON, in a form that programs can rely on.")
]

MOST_CELLS = 100
"""How wide a column of a table may be: one odd value must not spoil every row."""
COUNTED = 1_000
"""After how many a long command shows again how far it is."""
_BACK_AND_ERASE = "\r\x1b[K"


def print_json(value: object) -> None:
    """*value* on standard output."""
    sys.stdout.write(json_text(value, indent=True) + "\n")


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table without lines; unprintable characters are question marks, wide cells are cut."""
    lines = [columns, *([cut(plain(value)) for value in row] for row in rows)]
    widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (set_cell_size(cell, width) for cell, width in zip(line, widths, strict=True))
        sys.stdout.write("  ".join(cells).rstrip() + "\n")


def cut(text: str, most_cells: int = MOST_CELLS) -> str:
    """*text*, no wider than so many cells of a terminal."""
    if cell_len(text) <= most_cells:
        return text
    return f"{set_cell_size(text, most_cells - 1).rstrip()}…"


def print_facts(facts: Mapping[str, object]) -> None:
    """A name and a value a line."""
    width = max(len(name) for name in facts)
    for name, value in facts.items():
        sys.stdout.write(f"{name:<{width}}  {plain(value)}\n")


def plain(value: object) -> str:
    """*value* as a person reads it, safe for a terminal."""
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        value = moment(value)
    if isinstance(value, dict) or (
        isinstance(value, list) and value and isinstance(value[0], dict)
    ):
        return json_text(value) if value else "-"
    if isinstance(value, list | tuple):
        value = ", ".join(map(str, value)) or "-"
    return UNPRINTABLE.sub("?", str(value))


class Progress:
    """How far a long command is, in one line on standard error."""

    def __init__(self, *, is_seen: bool) -> None:
        self._is_seen = is_seen
        self._is_there = False

    def count(self, count: int, what: str) -> None:
        """Say how many there are by now, and of what; every thousandth is shown."""
        if count % COUNTED == 0:
            self._show(f"{count:,} {what}")

    def looked(self, at: datetime) -> None:
        """Say how far a search is: it looks at leads that were captured then."""
        self._show(f"looking at leads of {at.date()}")

    def end(self) -> None:
        """Erase the line."""
        if self._is_there:
            sys.stderr.write(_BACK_AND_ERASE)

    def _show(self, text: str) -> None:
        if self._is_seen:
            sys.stderr.write(f"{_BACK_AND_ERASE}{text}")
            sys.stderr.flush()
            self._is_there = True


@contextmanager
def progress(*, prints_meanwhile: bool) -> Iterator[Progress]:
    """
    A line for who waits, which is erased in the end.

    There is none where nobody looks, nor where a person looks at the output itself, if the command
    *prints_meanwhile*.
    """
    shown = Progress(is_seen=sys.stderr.isatty() and not (prints_meanwhile and sys.stdout.isatty()))
    try:
        yield shown
    finally:
        shown.end()


def hint(text: str) -> None:
    """A line beside the output, on standard error."""
    sys.stderr.write(f"{text}\n")


def warn(text: str) -> None:
    """A line that must not be missed, on standard error."""
    sys.stderr.write(f"WARNING: {text}\n")
