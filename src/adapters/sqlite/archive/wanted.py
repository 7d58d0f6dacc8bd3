"""Which rows a query of leads wants."""

from typing import Any

from adapters.sqlite.connection.moments import to_store
from domain.lead import CONTACT
from domain.leads.query import LeadQuery, sought_digits_of

LONGEST = 255
"""No field that is looked in is longer, and SQLite takes no pattern of more than 50,000 bytes."""
Conditions = tuple[list[str], list[Any]]
"""What all must be true, and the values in it."""

_LITERAL = frozenset(" @.,:;-+'()/#&!?*=")
"""Beside letters and digits, what stands in JSON as it is and means nothing to LIKE."""
_CONTACT = " || char(10) || ".join(
    f"coalesce(json_extract(details, '$.{name}'), '')" for name in CONTACT
)
_DIGITS = "json_extract(details, '$.phone')"
for _sign in " +-()/.":
    _DIGITS = f"replace({_DIGITS}, '{_sign}', '')"
_NOTHING_LEFT = " AND ".join(f"json_extract(details, '$.{name}') IS NULL" for name in CONTACT)


def conditions_of(query: LeadQuery, after: int | None, up_to: int | None) -> Conditions:
    """
    The rows from *after* to *up_to* that are wanted.

    Of those in which a text is looked for, some may not be: the domain has the last word.
    """
    beyond, within = ("<", ">=") if query.newest_first else (">", "<=")
    asked: list[tuple[str, Any]] = [
        (f"lead_id {beyond} ?", after),
        (f"lead_id {within} ?", up_to),
        ("captured_at >= ?", None if query.since is None else to_store(query.since)),
        ("captured_at < ?", None if query.until is None else to_store(query.until)),
        ("channel = ?", query.channel),
        ("coalesce(source, '') = ?", query.source),
        ("coalesce(campaign, '') = ?", query.campaign),
    ]
    conditions = ["project_id = ?", "joined_into IS NULL"]
    values: list[Any] = [query.project_id]
    for condition, value in asked:
        if value is not None:
            conditions.append(condition)
            values.append(value)
    if query.without_contact:
        conditions.append(_NOTHING_LEFT)
    if query.text is not None:
        condition, patterns = _says(query.text)
        conditions.append(condition)
        values += patterns
    return conditions, values


def _says(text: str) -> tuple[str, list[str]]:
    """
    A part of a contact that is the text, or the number of a phone.

    What the details say as a whole is asked for first: nearly all go there, and to look for one
    field in JSON takes ten times as long. SQLite compares the letters of English alone whatever
    their case; where the text has others that have a case, all is folded, which takes longer, too.
    """
    part = text.strip().casefold()[:LONGEST]
    folds = any(not one.isascii() and one.lower() != one.upper() for one in text)
    details, contact = (
        f"casefold({what})" if folds else f"({what})" for what in ("details", _CONTACT)
    )
    conditions = [f"({details} LIKE ? AND {contact} LIKE ?)"]
    patterns = [_pattern(part), _pattern(part)]
    if (digits := sought_digits_of(text)) is not None:
        conditions.append(f"(details LIKE ? AND {_DIGITS} LIKE ?)")
        patterns += [f"%{'%'.join(digits)}%", f"%{digits}%"]
    return f"({' OR '.join(conditions)})", patterns


def _pattern(part: str) -> str:
    """What may be written otherwise in JSON, or means something to LIKE, stands for anything."""
    return "%" + "".join(c if c.isalnum() or c in _LITERAL else "%" for c in part) + "%"
