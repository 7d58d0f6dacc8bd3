"""
Leads as sheets of Excel (ECMA-376): a row a lead, every cell a text but the moments.

A text is written as a text, which no program takes for a formula or a link, and in the format of a
text, so that `+49 170…` and `007` also stay as they are when somebody edits them.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from errno import ENOSPC
from os import strerror
from pathlib import Path
from shutil import disk_usage

from xlsxwriter import Workbook  # type: ignore[import-untyped]  # it has types and does not say so
from xlsxwriter.utility import xl_range  # type: ignore[import-untyped]  # as above

from domain.json_value import JsonValue
from domain.lead import Lead
from entrypoints.exports.cells import printable
from entrypoints.exports.columns import Column
from entrypoints.exports.json_text import json_text
from entrypoints.exports.table import Table
from entrypoints.exports.xlsx.workshop import Output

SHEET = "Leads"
MOST_ROWS = 1_048_576
"""So many rows fit into a sheet, its head among them."""
LONGEST_TEXT = 32_767
"""So long a text fits into a cell, in UTF-16 units."""
CUT = " … (cut: a cell has no room for more)"
ROOM_KEPT, SHARE_KEPT = 256 * 1024 * 1024, 20
"""So many bytes of the disk stay free, where it is small one in so many: leads may be on it too."""
_LINE_END = re.compile("\r\n?")
_NO_CHARACTER = re.compile("[\ufffe\uffff]")
"""XML cannot say these."""
_HEADS: Mapping[str, str] = {"captured_at": "captured_at (UTC)"}
_WIDTHS: Mapping[str, int] = {
    "lead_id": 10,
    "captured_at": 20,
    "name": 26,
    "email": 32,
    "phone": 20,
    "source_url": 40,
    "referrer": 30,
    "page_trail": 30,
    "request_id": 24,
    "messages": 60,
}
"""How wide columns are, in characters."""
_WIDTH, _WIDEST = 14, 60
_BUTTON = 4
"""So much room takes the button of the filter beside a head."""


def _captured_at(lead: Lead) -> datetime:
    """In UTC; a sheet knows no zones."""
    return lead.captured_at.astimezone(UTC).replace(tzinfo=None)


def _conversation(lead: Lead) -> str:
    """What was written, a line a message."""
    return "\n".join(one.text or f"({one.type})" for one in lead.messages)


_SPECIAL: Mapping[str, Callable[[Lead], str | datetime]] = {
    "captured_at": _captured_at,
    "messages": _conversation,
}
"""The columns that are not simply what JSON says of the lead."""


class Book:
    """Sheets of rows, written to *output*; what is not in it yet lies in *folder*."""

    def __init__(self, output: Output, folder: Path, columns: Sequence[Column]) -> None:
        options = {"constant_memory": True, "tmpdir": str(folder), "use_zip64": True}
        self._folder = folder
        self._book = Workbook(output, options)
        self._head = self._book.add_format({"bold": True})
        self._text = self._book.add_format({"num_format": "@"})
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._columns, self._table = columns, Table(columns)
        self._begin_sheet()

    def add(self, leads: Sequence[Lead]) -> None:
        """
        A row for each of them.

        Raises:
            OSError: The disk would be too full when the file is made.
        """
        self._check_room()
        for lead in leads:
            if self._rows == MOST_ROWS:
                self._end_sheet()
                self._begin_sheet()
            for place, value in enumerate(self._table.row(lead)):
                special = _SPECIAL.get(self._columns[place].name)
                self._write(place, special(lead) if special else value)
            self._rows += 1

    def close(self) -> None:
        """Make the file of what was added."""
        self._end_sheet()
        self._book.close()

    def _check_room(self) -> None:
        disk = disk_usage(self._folder)
        needed = sum(path.stat().st_size for path in self._folder.iterdir())  # as much once more
        if disk.free - needed < min(ROOM_KEPT, disk.total // SHARE_KEPT):
            raise OSError(ENOSPC, strerror(ENOSPC))

    def _begin_sheet(self) -> None:
        count = len(self._book.worksheets()) + 1
        self._sheet = self._book.add_worksheet(SHEET if count == 1 else f"{SHEET} {count}")
        self._sheet.freeze_panes(1, 0)
        for place, column in enumerate(self._columns):
            head = _HEADS.get(column.name, column.name)
            self._sheet.write_string(0, place, head, self._head)
            width = max(_WIDTHS.get(column.name, _WIDTH), len(head) + _BUTTON)
            self._sheet.set_column(place, place, min(width, _WIDEST))
        self._rows = 1

    def _end_sheet(self) -> None:
        whole = 0, 0, self._rows - 1, len(self._columns) - 1
        self._sheet.autofilter(*whole)
        self._sheet.ignore_errors({"number_stored_as_text": xl_range(*whole)})

    def _write(self, place: int, value: "JsonValue | datetime") -> None:
        if isinstance(value, datetime):
            self._sheet.write_datetime(self._rows, place, value, self._moment)
        elif text := _text_of(value):
            if text.startswith("<r>"):  # the library would take it for XML of its own
                parts = "<", "r", text[2:]
                self._sheet.write_rich_string(self._rows, place, *parts, self._text)
            else:
                self._sheet.write_string(self._rows, place, text, self._text)


def _text_of(value: JsonValue) -> str:
    """*value* as it fits into a cell: as characters that XML has, cut where it is long."""
    if value is None:
        return ""
    text = printable(value) if isinstance(value, str) else json_text(value)
    text = _LINE_END.sub("\n", _NO_CHARACTER.sub("", text))
    if 2 * len(text) <= LONGEST_TEXT:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * LONGEST_TEXT:
        return text
    kept = units[: 2 * (LONGEST_TEXT - len(CUT))]
    return kept.decode("utf-16-le", "ignore") + CUT  # half a pair at the end is ignored
