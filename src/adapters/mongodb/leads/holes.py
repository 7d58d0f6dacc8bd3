"""Free places among taken ones."""

from typing import Any

import pymongo

READ_AT_ONCE = 1_000


async def count_places(leads: Any, project_id: str, month: str, low: int, high: int) -> int:
    """How many places from *low* to *high* are taken; answered from the index alone."""
    taken: int = await leads.count_documents(_places(project_id, month, low, high))
    return taken


async def highest_place(leads: Any, project_id: str, month: str) -> int:
    """The highest place that is taken; 0 if none is."""
    lead = await leads.find_one(
        {"project_id": project_id, "month": month, "place": {"$gte": 1}},
        {"_id": 0, "place": 1},
        sort=[("place", pymongo.DESCENDING)],
    )
    return int(lead["place"]) if lead else 0


async def lowest_holes(
    leads: Any, project_id: str, month: str, low: int, high: int, wanted: int
) -> list[int]:
    """
    The lowest *wanted* free places from *low* to *high*, ascending.

    Counts halves, and looks only where one is not full.
    """
    found: list[int] = []
    ranges = [(low, high)]
    while ranges and len(found) < wanted:
        first, last = ranges.pop()
        if last - first < READ_AT_ONCE:
            taken = await _taken(leads, project_id, month, first, last)
            found += [place for place in range(first, last + 1) if place not in taken]
            continue
        count = await count_places(leads, project_id, month, first, last)
        if count == 0:
            found += range(first, min(last, first + wanted - 1) + 1)
        elif count < last - first + 1:
            middle = (first + last) // 2
            ranges += [(middle + 1, last), (first, middle)]
    return found[:wanted]


async def _taken(leads: Any, project_id: str, month: str, low: int, high: int) -> set[int]:
    cursor = leads.find(_places(project_id, month, low, high), {"_id": 0, "place": 1})
    documents = await cursor.sort("place", pymongo.ASCENDING).to_list(None)
    return {document["place"] for document in documents}


def _places(project_id: str, month: str, low: int, high: int) -> dict[str, Any]:
    return {"project_id": project_id, "month": month, "place": {"$gte": low, "$lte": high}}
