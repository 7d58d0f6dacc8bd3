"""Free places among taken ones."""

from typing import Any

import pymongo

READ_AT_ONCE = 1_000


async def count_places(leads: Any, project_id: str, month: str, low: int, high: int) -> int:
    """How many places from *low* to *high* are taken; answered from the index alone."""
    taken: int = await leads.count_documents(_places(project_id, month, low, high))
    return taken


async def lowest_holes(
    leads: Any, project_id: str, month: str, limit: int, wanted: int
) -> list[int]:
    """
    The lowest *wanted* free places from 1 to *limit*, ascending.

    Counts halves, and looks only where one is not full: a full million costs one count.
    """
    found: list[int] = []
    ranges = [(1, limit)]
    while ranges and len(found) < wanted:
        low, high = ranges.pop()
        if high - low < READ_AT_ONCE:
            taken = await _taken(leads, project_id, month, low, high)
            found += [place for place in range(low, high + 1) if place not in taken]
            continue
        count = await count_places(leads, project_id, month, low, high)
        if count == 0:
            found += range(low, min(high, low + wanted - 1) + 1)
        elif count < high - low + 1:
            middle = (low + high) // 2
            ranges += [(middle + 1, high), (low, middle)]
    return found[:wanted]


async def _taken(leads: Any, project_id: str, month: str, low: int, high: int) -> set[int]:
    cursor = leads.find(_places(project_id, month, low, high), {"_id": 0, "place": 1})
    documents = await cursor.sort("place", pymongo.ASCENDING).to_list(None)
    return {document["place"] for document in documents}


def _places(project_id: str, month: str, low: int, high: int) -> dict[str, Any]:
    return {"project_id": project_id, "month": month, "place": {"$gte": low, "$lte": high}}
