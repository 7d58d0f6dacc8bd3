"""Which rows a query of leads wants."""

from typing import Any

from adapters.sqlite.connection.moments import to_store
from domain.lead import CONTACT
from domain.leads.query import LeadQuery

Conditions = tuple[list[str], list[Any]]
"""What all must be true, and the values in it."""

_LITERAL = frozenset(" @.,:;-+'()/#&!?*=")
"""Beside letters and digits, what stands in JSON as it is and means nothing to LIKE."""
_CONTACT = " || char(10) || ".join(
    f"coalesce(json_extract(details, '$.{name}'), '')" for name in CONTACT
)
_DIGITS = "digits(json_extract(details, '$.phone'))"
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
        condition, patterns = _says(query)
        conditions.append(condition)
        values += patterns
    return conditions, values


def _says(query: LeadQuery) -> tuple[str, list[str]]:
    """
    A part of a contact that is the text, or the number of a phone.

    What the details say as a whole is asked for first: nearly all leads go there, and to look for
    one field in JSON takes ten times as long. SQLite compares the letters of English alone whatever
    their case, and knows no `ß` that is folded to `ss`; where the text has other letters with a
    case, all is folded, which takes longer, too.
    """
    folds = any(not one.isascii() and one.lower() != one.upper() for one in query.text or "")
    rough = query.part if folds else query.part.replace("ss", "%")
    details = "casefold(details)" if folds else "details"
    conditions = [f"({details} LIKE ? AND casefold({_CONTACT}) LIKE ?)"]
    patterns = [_pattern(rough), _pattern(query.part)]
    if (digits := query.digits) is not None:
        conditions.append(f"(details LIKE ? AND {_DIGITS} LIKE ?)")
        patterns += [f"%{'%'.join(digits)}%", f"%{digits}%"]
    return f"({' OR '.join(conditions)})", patterns


def _pattern(part: str) -> str:
    """What may be written otherwise in JSON, or means something to LIKE, stands for anything."""
    return "%" + "".join(c if c.isalnum() or c in _LITERAL else "%" for c in part) + "%"
