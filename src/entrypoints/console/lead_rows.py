"""What a list says of each lead: who it is, how to reach them, and where they came from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.lead import Lead
from domain.leads.origin import origin_of
from entrypoints.console import words
from entrypoints.console.leads.links import mailto, page_name, tel


@dataclass(frozen=True, slots=True)
class LeadRow:
    """
    One lead in a list.

    Attributes:
        tel, mailto: Links that call them or write to them; None where what they left leads nowhere.
        source, campaign: As the filter of the list takes them; None where it is not known.
        page: The one from which the lead was sent, or the one before it, as people name them.
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
    source: str | None
    campaign: str | None
    page: str | None


def rows_of(leads: Iterable[Lead]) -> Sequence[LeadRow]:
    """A row for each, in their order."""
    return [_row(lead) for lead in leads]


def _row(lead: Lead) -> LeadRow:
    details, origin = lead.details, origin_of(lead.details)
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
        source=origin.source,
        campaign=origin.campaign,
        page=page_name(details.source_url or details.referrer or "") or None,
    )
