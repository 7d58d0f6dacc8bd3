"""Ranges of numbers for processes that were in each other's way."""

from typing import Any

from pymongo import ReturnDocument


async def reserve(hints: Any, name: str, at_least: int, count: int) -> int:
    """
    The first of *count* consecutive numbers that nobody else was told, *at_least* or higher.

    A hint, no promise: the document may be lost or wrong, the unique indexes judge.
    """
    taken = {"$add": [{"$max": ["$next", at_least]}, count]}
    document = await hints.find_one_and_update(
        {"_id": name},
        [{"$set": {"next": taken}}],
        upsert=True,
        return_document=ReturnDocument.AFTER,
    )
    return int(document["next"]) - count
