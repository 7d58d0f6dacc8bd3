"""The formats of an export, by their names."""

from collections.abc import Sequence
from enum import StrEnum

from entrypoints.exports.columns import ALL_COLUMNS, Column
from entrypoints.exports.csv_format import csv_format
from entrypoints.exports.export_format import ExportFormat
from entrypoints.exports.ndjson import NDJSON


class Format(StrEnum):
    """What an export can be."""

    CSV = "csv"
    NDJSON = "ndjson"
    XLSX = "xlsx"


def format_of(
    form: Format, columns: Sequence[Column] = ALL_COLUMNS, *, for_excel: bool = False
) -> ExportFormat:
    """
    The format of this name.

    NDJSON always has all of a lead and no columns; *for_excel* begins a CSV with a byte order mark.
    """
    match form:
        case Format.CSV:
            return csv_format(columns, for_excel=for_excel)
        case Format.NDJSON:
            return NDJSON
        case Format.XLSX:
            from entrypoints.exports.xlsx.xlsx_format import xlsx_format  # noqa: PLC0415  slow

            return xlsx_format(columns)
