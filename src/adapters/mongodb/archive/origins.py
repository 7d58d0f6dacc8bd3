"""Leads of earlier versions learn where they came from."""

from typing import Any

from pymongo import UpdateOne

from adapters.mongodb.connection.collections import Collections
from adapters.mongodb.leads.documents import origin_fields, said_by
from adapters.mongodb.leads.writing import ORIGIN
from domain.lead import LeadDetails

AT_ONCE = 1_000
_NOWHERE = {"$exists": False}
_WANTED: dict[str, Any] = {
    **dict.fromkeys(ORIGIN, _NOWHERE),
    "$or": [{f"details.{name}": {"$exists": True}} for name in ("utm", "attributes", "referrer")]
    + [{"later_details": {"$exists": True}}],
}
"""Those that may have an origin, and say none."""


async def note_origins(store: Collections) -> None:
    """
    Write it down for each that has one; what is written already stays.

    Several processes may do so at once. Each goes through all leads until it finds nothing more to
    write: so nobody counts leads while another one still has some to write.
    """
    while await _note_some(store):
        pass


async def _note_some(store: Collections) -> bool:
    """Go through all leads once. Returns whether any had to be written."""
    written = 0
    updates: list[UpdateOne] = []
    async for lead in store.leads.find(_WANTED, {"details": 1, "later_details": 1}):
        if origin := origin_fields(LeadDetails.of(said_by(lead))):
            wanted = {"_id": lead["_id"], **dict.fromkeys(ORIGIN, _NOWHERE)}
            updates.append(UpdateOne(wanted, {"$set": origin}))
        if len(updates) == AT_ONCE:
            written += (await store.leads.bulk_write(updates, ordered=False)).matched_count
            updates.clear()
    if updates:
        written += (await store.leads.bulk_write(updates, ordered=False)).matched_count
    return written > 0
