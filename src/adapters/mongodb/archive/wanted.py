"""Which documents a query of leads wants."""

import re
from typing import Any

from domain.lead import CONTACT
from domain.leads.query import UNKNOWN, LeadQuery

NOWHERE = {"$exists": False}
LATER = "later_details"
_FIELDS = tuple(f"details.{name}" for name in CONTACT)


def wanted(query: LeadQuery, after: int | None, up_to: int | None) -> dict[str, Any]:
    """
    The leads from *after* to *up_to* that are wanted.

    Of those in which a text is looked for, some may not be, nor of those without a contact: what
    a lead took from later captures is a text in its document. The domain has the last word.
    """
    beyond, within = ("$lt", "$gte") if query.newest_first else ("$gt", "$lte")
    asked: dict[str, dict[str, Any]] = {
        "lead_id": {beyond: after, within: up_to},
        "captured_at": {"$gte": query.since, "$lt": query.until},
        "channel": {"$eq": query.channel},
        "source": _origin(query.source),
        "campaign": _origin(query.campaign),
    }
    found: dict[str, Any] = {"project_id": query.project_id, "joined_into": NOWHERE}
    for field, conditions in asked.items():
        if given := {how: value for how, value in conditions.items() if value is not None}:
            found[field] = given
    if query.without_contact:
        found |= dict.fromkeys(_FIELDS, NOWHERE)
    if query.text is not None:
        found["$or"] = _says(query)
    return found


def _origin(asked: str | None) -> dict[str, Any]:
    """A value, or that there is none."""
    return {"$eq": asked} if asked != UNKNOWN else NOWHERE


def _says(query: LeadQuery) -> list[dict[str, Any]]:
    part = "".join(map(_character, query.part)).replace("ss", "(?:ss|ß|ẞ)")
    asked = [(field, part) for field in (*_FIELDS, LATER)]
    if (digits := query.digits) is not None:
        asked += [(field, "[^0-9]*".join(digits)) for field in ("details.phone", LATER)]
    return [{field: {"$regex": pattern, "$options": "i"}} for field, pattern in asked]


def _character(one: str) -> str:
    """As it stands in a field, or in JSON, where some have a backslash before them."""
    return rf"\\?{re.escape(one)}" if one in '"\\' else re.escape(one)
