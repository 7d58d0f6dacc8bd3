"""Sessions, a document each."""

from collections.abc import Mapping
from datetime import datetime

from pymongo import UpdateOne

from adapters.mongodb.connection.database import MongoDatabase
from application.ports.session_register import SessionRegister
from domain.users.session import Session


class MongoSessionRegister(SessionRegister):
    """Found by their digest, which is the id of their document."""

    def __init__(self, database: MongoDatabase) -> None:
        self._database = database

    async def add(self, session: Session) -> None:
        """Keep a new session; one of a user who is gone signs nobody in, and is pruned."""
        document = {
            "_id": session.digest,
            "user_id": session.user_id,
            "created_at": session.created_at,
            "last_used_at": session.last_used_at,
            "generation": session.generation,
        }
        with self._database.work() as store:
            await store.sessions.insert_one(document)

    async def find(self, digest: bytes) -> Session | None:
        """The session with this digest."""
        with self._database.work() as store:
            document = await store.sessions.find_one({"_id": digest})
        if document is None:
            return None
        return Session(
            digest=bytes(document["_id"]),
            user_id=document["user_id"],
            created_at=document["created_at"],
            last_used_at=document["last_used_at"],
            generation=document["generation"],
        )

    async def mark_used(self, last_used: Mapping[bytes, datetime]) -> None:
        """The later moment of the two stays."""
        if not last_used:
            return
        updates = [
            UpdateOne({"_id": digest}, {"$max": {"last_used_at": moment}})
            for digest, moment in last_used.items()
        ]
        with self._database.work() as store:
            await store.sessions.bulk_write(updates, ordered=False)

    async def end(self, digest: bytes) -> None:
        """Delete it."""
        with self._database.work() as store:
            await store.sessions.delete_one({"_id": digest})

    async def prune(self, before: datetime) -> None:
        """Delete what was last used before."""
        with self._database.work() as store:
            await store.sessions.delete_many({"last_used_at": {"$lt": before}})
