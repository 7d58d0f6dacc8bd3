"""Leads as CSV (RFC 4180): a row a lead, every cell in quotes."""

from collections.abc import Iterable, Sequence

from domain.json_value import JsonValue
from domain.lead import Lead
from entrypoints.exports.cells import cell, phone_cell
from entrypoints.exports.columns import ALL_COLUMNS, Column
from entrypoints.exports.export_format import ExportFormat, text_pieces
from entrypoints.exports.table import Table

_PHONE = "phone"
_BYTE_ORDER_MARK = "\ufeff"
"""Excel takes a file without it for one in the code page of its country."""


def csv_format(columns: Sequence[Column] = ALL_COLUMNS, *, for_excel: bool = False) -> ExportFormat:
    """A table with these columns; *for_excel* begins with a byte order mark."""
    table = Table(columns)

    def line(lead: Lead) -> str:
        return _row(map(_cell_of, columns, table.row(lead)))

    head = _row(cell(column.name) for column in columns)
    return ExportFormat(
        suffix="csv",
        media_type="text/csv; charset=utf-8",
        pieces=text_pieces(f"{_BYTE_ORDER_MARK}{head}" if for_excel else head, line),
    )


def _cell_of(column: Column, value: JsonValue) -> str:
    if column.name == _PHONE and isinstance(value, str):
        return phone_cell(value)
    return cell(value)


def _row(cells: Iterable[str]) -> str:
    quoted = ('"' + text.replace('"', '""') + '"' for text in cells)
    return f"{','.join(quoted)}\r\n"
