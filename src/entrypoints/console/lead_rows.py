"""What a list says of each lead: who it is, how to reach them, and where they came from."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlsplit

from domain.lead import Lead, LeadDetails
from entrypoints.console import words

_FEWEST_DIGITS = 3
_CAMPAIGN = ("utm_source", "utm_campaign")


@dataclass(frozen=True, slots=True)
class LeadRow:
    """
    One lead in a list.

    Attributes:
        tel, mailto: Links that call them or write to them; None where what they left leads nowhere.
        came_from: The campaign, or else the page; empty if they left neither.
    """

    lead_id: int
    captured_at: datetime
    channel: str
    name: str | None
    phone: str | None
    tel: str | None
    email: str | None
    mailto: str | None
    has_contact: bool
    came_from: str


def rows_of(leads: Iterable[Lead]) -> Sequence[LeadRow]:
    """A row for each, in their order."""
    return [_row(lead) for lead in leads]


def _row(lead: Lead) -> LeadRow:
    details = lead.details
    return LeadRow(
        lead_id=lead.lead_id,
        captured_at=lead.captured_at,
        channel=words.channel_name(lead.channel),
        name=details.name,
        phone=details.phone,
        tel=tel(details.phone or ""),
        email=details.email,
        mailto=mailto(details.email or ""),
        has_contact=details.has_contact,
        came_from=came_from(details),
    )


def tel(phone: str) -> str | None:
    """
    A link that calls *phone*, of its digits alone: what else a sender wrote is none of its parts.

    None where there are too few, or a letter among them: that is a remark and no number.
    """
    is_international = phone.lstrip().startswith("+")
    dialled = phone.replace("(0)", "") if is_international else phone
    digits = re.sub(r"[^0-9]", "", dialled)
    if len(digits) < _FEWEST_DIGITS or re.search(r"[^\W\d_]", phone):
        return None
    return f"tel:{'+' if is_international else ''}{digits}"


def mailto(email: str) -> str | None:
    """A link that writes to *email* and says nothing more: no other recipient, no subject."""
    name, at, domain = email.rpartition("@")
    if not (name and at and domain):
        return None
    return f"mailto:{quote(name, safe='')}@{quote(domain, safe='')}"


def came_from(details: LeadDetails) -> str:
    """The campaign if the address of the page named one, else the page, else the page before it."""
    said = (details.utm.get(name) for name in _CAMPAIGN)
    campaign = " · ".join(value for value in said if isinstance(value, str) and value)
    return campaign or _page(details.source_url or "") or _page(details.referrer or "")


def _page(url: str) -> str:
    """A page as people name it: without scheme, query and a last slash."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return url
    return f"{parts.netloc.rpartition('@')[2]}{parts.path.rstrip('/')}"
