"""Leads without a store, and what a reader finds in the CSV that is made of them."""

import csv
import io
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from typing import Any

from domain.lead import Lead, LeadDetails
from domain.message import Message
from entrypoints.exports.columns import ALL_COLUMNS, Column
from entrypoints.exports.csv_format import csv_format
from entrypoints.exports.export_format import ExportFormat
from tests.support.builders import NOW


def a_lead(
    lead_id: int = 1,
    *,
    captured_at: datetime = NOW,
    messages: tuple[Message, ...] = (),
    **details: Any,
) -> Lead:
    return Lead(
        project_id="prj_1",
        lead_id=lead_id,
        channel="rest",
        captured_at=captured_at,
        request_id=f"req_{lead_id:032x}",
        details=LeadDetails(**details),
        messages=messages,
    )


async def given(leads: Iterable[Lead]) -> AsyncIterator[Lead]:
    for lead in leads:
        yield lead


async def made(exported: ExportFormat, *leads: Lead) -> bytes:
    """The whole file."""
    return b"".join([piece async for piece in exported.pieces(given(leads))])


def text_of(*leads: Lead, columns: Sequence[Column] = ALL_COLUMNS, for_excel: bool = False) -> str:
    making = made(csv_format(columns, for_excel=for_excel), *leads)
    try:
        while True:  # it waits for nothing, and a test may run in a loop already
            making.send(None)
    except StopIteration as done:
        return bytes(done.value).decode()


def rows_of(*leads: Lead, columns: Sequence[Column] = ALL_COLUMNS) -> list[dict[str, str]]:
    """The rows as Python's own reader finds them."""
    text = text_of(*leads, columns=columns)
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def row_of(columns: Sequence[Column] = ALL_COLUMNS, **details: Any) -> dict[str, str]:
    (row,) = rows_of(a_lead(**details), columns=columns)
    return row
