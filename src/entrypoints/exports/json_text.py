"""JSON as we write it, whoever reads it."""

import re
from datetime import datetime

import orjson

UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of text: they fool readers."""


def moment(value: datetime | None) -> str | None:
    """ISO 8601 in UTC, to the millisecond."""
    if value is None:
        return None
    return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def json_text(value: object, *, indent: bool = False) -> str:
    """JSON whose strings cannot steer a terminal: what is unprintable is escaped."""
    return escaped(orjson.dumps(value, option=orjson.OPT_INDENT_2 if indent else 0).decode())


def escaped(text: str) -> str:
    """The same JSON, in whose strings what is unprintable is escaped."""
    return "\n".join(UNPRINTABLE.sub(_escaped, line) for line in text.split("\n"))


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
