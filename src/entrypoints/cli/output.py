"""What commands print: stable JSON for programs, plain tables for people."""

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

import orjson
import typer
from rich.cells import cell_len, set_cell_size

from domain.lead import RULES, Lead

AsJson = Annotated[
    bool, typer.Option("--json", help="Print JSON, in a form that programs can rely on.")
]

MOST_CELLS = 100
"""How wide a column of a table may be: one odd value must not spoil every row."""

_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of text: they fool readers."""


def moment(value: datetime | None) -> str | None:
    """ISO 8601 in UTC, to the millisecond."""
    if value is None:
        return None
    return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def lead_json(lead: Lead) -> dict[str, Any]:
    """A lead as every command prints it; where its person is only if that is another lead."""
    joined = {} if lead.joined_into is None else {"joined_into": lead.joined_into}
    return {
        "lead_id": lead.lead_id,
        **joined,
        "channel": lead.channel,
        "captured_at": moment(lead.captured_at),
        **{name: _jsonable(getattr(lead.details, name)) for name in RULES},
        "request_id": lead.request_id,
        "messages": [
            {
                "message_id": message.message_id,
                "type": message.type,
                "text": message.text,
                "sent_at": moment(message.sent_at),
                "raw": message.raw,
            }
            for message in lead.messages
        ],
    }


def _jsonable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, tuple) else value


def json_text(value: object, *, indent: bool = False) -> str:
    """JSON whose strings cannot steer a terminal: what is unprintable is escaped."""
    text = orjson.dumps(value, option=orjson.OPT_INDENT_2 if indent else 0).decode()
    return "\n".join(
        _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", line) for line in text.split("\n")
    )


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
    return _UNPRINTABLE.sub("?", str(value))


def hint(text: str) -> None:
    """A line beside the output, on standard error."""
    sys.stderr.write(f"{text}\n")


def warn(text: str) -> None:
    """A line that must not be missed, on standard error."""
    sys.stderr.write(f"WARNING: {text}\n")
