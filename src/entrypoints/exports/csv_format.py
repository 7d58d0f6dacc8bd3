"""Leads as CSV (RFC 4180): a row a lead, every cell in quotes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from domain.lead import Lead
from entrypoints.exports.cells import cell, phone_cell
from entrypoints.exports.columns import ALL_COLUMNS, OBJECTS, Column
from entrypoints.exports.export_format import ExportFormat
from entrypoints.exports.lead_json import lead_json

_BYTE_ORDER_MARK = "\ufeff"
"""Excel takes a file without it for one in the code page of its country."""


def csv_format(columns: Sequence[Column] = ALL_COLUMNS, *, for_excel: bool = False) -> ExportFormat:
    """
    A table with these columns.

    A key that has a column of its own is left out of the JSON of the object that it is in.
    """
    own = frozenset(columns)

    def line(lead: Lead) -> str:
        members = lead_json(lead)
        return _row(_cell_of(column, members, own) for column in columns)

    head = _row(cell(column.name) for column in columns)
    return ExportFormat(head=f"{_BYTE_ORDER_MARK}{head}" if for_excel else head, line=line)


def _cell_of(column: Column, members: Mapping[str, Any], own: frozenset[Column]) -> str:
    value: Any = members.get(column.member)  # what is said only if it is so may be missing
    if column.key is not None:
        return cell(value.get(column.key))
    if column.member == "phone":
        return phone_cell(value)
    if column.member in OBJECTS:
        value = {key: one for key, one in value.items() if Column(column.member, key) not in own}
    return cell(value or None)


def _row(cells: Iterable[str]) -> str:
    quoted = ('"' + text.replace('"', '""') + '"' for text in cells)
    return f"{','.join(quoted)}\r\n"
