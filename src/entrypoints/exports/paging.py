"""All leads of a query, however many there are."""

import sys
from collections.abc import AsyncIterator

from application.ports.lead_archive import LeadArchive
from domain.lead import Lead
from domain.leads.query import LeadQuery

PAGE = 500


async def leads_of(
    archive: LeadArchive, query: LeadQuery, *, limit: int = sys.maxsize
) -> AsyncIterator[Lead]:
    """
    The leads of *query* in its order, at most *limit*; one page of them is in memory at a time.

    Leads that come or are joined meanwhile may be among them or not; no other is missing, and
    none is there twice.

    Raises:
        StorageUnavailable: On the way; the caller may begin again.
    """
    after = None
    while limit > 0 and (page := await archive.page(query, after=after, limit=min(PAGE, limit))):
        for lead in page:
            yield lead
        after = page[-1].lead_id
        limit -= len(page)
