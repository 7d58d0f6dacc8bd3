"""Whether the database takes writes."""

import time
from datetime import UTC, datetime

from adapters.mongodb.database import PROBE_TIMEOUT_SECONDS, MongoDatabase
from application.ports.errors import StorageUnavailable
from application.ports.health_probe import HealthProbe

_HEARTBEAT = {"_id": "heartbeat"}


class MongoHealthProbe(HealthProbe):
    """
    Healthy while a write reaches the journals of the majority.

    A primary says that it is one also where its disk is full, or its secondaries' are.
    """

    name = "database"

    def __init__(self, database: MongoDatabase) -> None:
        self._database = database

    async def is_healthy(self) -> bool:
        """Asks for the primary itself, for a secondary answers as well; then it writes."""
        deadline = time.monotonic() + PROBE_TIMEOUT_SECONDS
        if not await self._database.is_writable():
            return False
        beat = {"$set": {"at": datetime.now(UTC)}}
        try:
            with self._database.work(deadline - time.monotonic()) as store:
                await store.about.update_one(_HEARTBEAT, beat, upsert=True)
        except StorageUnavailable:
            return False
        return True
