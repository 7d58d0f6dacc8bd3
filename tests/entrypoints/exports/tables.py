"""Leads without a store, and what a reader finds in the CSV that is made of them."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from domain.lead import Lead, LeadDetails
from entrypoints.exports.columns import ALL_COLUMNS, Column
from entrypoints.exports.csv_format import csv_format
from tests.support.builders import NOW


def a_lead(lead_id: int = 1, **details: Any) -> Lead:
    return Lead(
        project_id="prj_1",
        lead_id=lead_id,
        channel="rest",
        captured_at=NOW,
        request_id=f"req_{lead_id:032x}",
        details=LeadDetails(**details),
    )


def text_of(*leads: Lead, columns: Sequence[Column] = ALL_COLUMNS) -> str:
    exported = csv_format(columns)
    return exported.head + "".join(map(exported.line, leads))


def rows_of(*leads: Lead, columns: Sequence[Column] = ALL_COLUMNS) -> list[dict[str, str]]:
    """The rows as Python's own reader finds them."""
    text = text_of(*leads, columns=columns)
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def row_of(columns: Sequence[Column] = ALL_COLUMNS, **details: Any) -> dict[str, str]:
    (row,) = rows_of(a_lead(**details), columns=columns)
    return row
