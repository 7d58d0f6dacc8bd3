"""Leads as CSV or as newline-delimited JSON."""

import csv
import re
import sys
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from domain.lead import RULES, Lead
from entrypoints.cli.output import json_text, lead_json

COLUMNS = ("lead_id", "channel", "captured_at", *RULES, "request_id", "messages")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_PHONE = re.compile(r"\+[0-9 ().-]{4,}", re.ASCII)
_TURNS_TEXT = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Format(StrEnum):
    """What an export can be."""

    CSV = "csv"
    NDJSON = "ndjson"


def writer(form: Format) -> Callable[[Lead], None]:
    """A function that writes one lead to standard output; for CSV the header is written at once."""
    if form is Format.NDJSON:
        return lambda lead: print(json_text(lead_json(lead)))
    rows = csv.writer(sys.stdout)
    rows.writerow(COLUMNS)
    return lambda lead: rows.writerow(csv_row(lead))


def csv_row(lead: Lead) -> list[str]:
    """The lead's cells; objects are JSON in a cell."""
    values = lead_json(lead)
    return [_cell(column, values[column]) for column in COLUMNS]


def _cell(column: str, value: Any) -> str:
    """
    A cell that no spreadsheet runs as a formula (https://owasp.org/www-community/attacks/CSV_Injection).

    A phone number keeps its leading +: digits and punctuation cannot call anything.
    """
    if value is None or value in ({}, []):
        return ""
    text = json_text(value) if isinstance(value, dict | list) else str(value)
    text = _TURNS_TEXT.sub("", text)
    if column == "phone" and _PHONE.fullmatch(text):
        return text
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
