"""Tries to sign in, a document for each subject."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil

from pymongo.errors import DuplicateKeyError

from adapters.mongodb.connection.collections import Collections
from adapters.mongodb.connection.database import MongoDatabase
from application.ports.sign_in_tries import SignInTries


class MongoSignInTries(SignInTries):
    """A change replaces the tries that it was made from, so that each one counts."""

    def __init__(self, database: MongoDatabase) -> None:
        self._database = database

    async def take(
        self, subject: str, at: datetime, *, window_seconds: int, most: int
    ) -> int | None:
        """Count one more."""
        since = at - timedelta(seconds=window_seconds)
        with self._database.work() as store:
            while True:
                before = await _tries(store, subject)
                counted = sorted(moment for moment in before or () if moment > since)
                if len(counted) >= most:
                    return max(1, ceil((counted[-most] - since).total_seconds()))
                if await _replace(store, subject, before, [*counted, at]):
                    await store.sign_in_tries.delete_many({"last_at": {"$lte": since}})
                    return None

    async def withdraw(self, subject: str, at: datetime) -> None:
        """Leave one of that moment out."""
        with self._database.work() as store:
            while before := await _tries(store, subject):
                if at not in before:
                    return
                rest = list(before)
                rest.remove(at)
                if await _replace(store, subject, before, rest):
                    return

    async def forget(self, subject: str) -> None:
        """Delete all of them."""
        with self._database.work() as store:
            await store.sign_in_tries.delete_one({"_id": subject})


async def _tries(store: Collections, subject: str) -> list[datetime] | None:
    document = await store.sign_in_tries.find_one({"_id": subject})
    return document["tries"] if document else None


async def _replace(
    store: Collections,
    subject: str,
    before: Sequence[datetime] | None,
    after: Sequence[datetime],
) -> bool:
    """Put *after* in the place of *before*, if that is still there; None: there is nothing yet."""
    kept = {"tries": after, "last_at": max(after, default=None)}
    if before is not None:
        this = {"_id": subject, "tries": before}
        return bool((await store.sign_in_tries.update_one(this, {"$set": kept})).matched_count)
    try:
        await store.sign_in_tries.insert_one({"_id": subject, **kept})
    except DuplicateKeyError:
        return False
    return True
