"""Other leads of whoever left a lead, by the e-mail address and the phone number they left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from application.leads.find import FindLeads
from domain.lead import Lead, LeadDetails
from domain.leads.query import LeadQuery, digits_in

MOST = 10
PAGE = 50
"""So many are looked at; a part of what they say may be the same by chance."""
SECONDS = 0.04
"""So long each of the two is looked for: somebody waits for the page of the lead."""
FEWEST_DIGITS = 6
"""Of a phone number that is one person's; what is shorter is an extension, or a slip."""


@dataclass(frozen=True, slots=True)
class SameContact:
    """
    The other leads, newest first, at most `MOST`.

    Attributes:
        looked_back_to: Where the time was over: when the last lead was captured that was looked
            at, aware UTC; None if all were.
    """

    leads: Sequence[Lead]
    looked_back_to: datetime | None = None


class FindSameContact:
    """Find other leads of a project with the e-mail address or the phone number of one."""

    def __init__(self, find_leads: FindLeads) -> None:
        self._find_leads = find_leads

    async def __call__(self, lead: Lead) -> SameContact:
        """
        Those that say the same, in whatever case and with whatever between the digits.

        Raises:
            StorageUnavailable: The store did not answer; the caller may ask again.
        """
        details, left = lead.details, _contact_of(lead.details)
        itself = {lead.lead_id, lead.joined_into}
        others: dict[int, Lead] = {}
        looked_back_to: list[datetime] = []
        for text in (details.email, details.phone):
            if text is None or not _contact_of(LeadDetails(email=text, phone=text)) & left:
                continue
            query = LeadQuery(project_id=lead.project_id, text=text, newest_first=True)
            found = await self._find_leads.page(query, after=None, limit=PAGE, seconds=SECONDS)
            if found.looked_back_to is not None:
                looked_back_to.append(found.looked_back_to)
            for other in found.leads:
                if other.lead_id not in itself and _contact_of(other.details) & left:
                    others[other.lead_id] = other
        newest = [others[number] for number in sorted(others, reverse=True)]
        return SameContact(newest[:MOST], max(looked_back_to, default=None))


def _contact_of(details: LeadDetails) -> frozenset[str]:
    """The e-mail address and the digits of the number, however they are written."""
    digits = digits_in(details.phone or "")
    number = digits if len(digits) >= FEWEST_DIGITS else ""
    return frozenset(filter(None, ((details.email or "").casefold(), number)))
