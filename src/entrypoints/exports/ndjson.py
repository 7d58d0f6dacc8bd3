"""Leads as NDJSON: a line a lead, each a JSON object with all of it."""

from domain.lead import Lead
from entrypoints.exports.export_format import ExportFormat, text_pieces
from entrypoints.exports.json_text import json_text
from entrypoints.exports.lead_json import lead_json


def _line(lead: Lead) -> str:
    return f"{json_text(lead_json(lead))}\n"


NDJSON = ExportFormat("ndjson", "application/x-ndjson", text_pieces("", _line))
