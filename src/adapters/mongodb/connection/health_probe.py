"""Whether the database takes writes."""

import asyncio
import time
from datetime import UTC, datetime

from adapters.mongodb.connection.database import PROBE_TIMEOUT_SECONDS, MongoDatabase
from application.ports.health_probe import HealthProbe
from domain.errors import StorageUnavailable

BEAT_TIMEOUT_SECONDS = 3.0
"""
A write that takes longer counts as failed, and one that ended longer ago proves nothing any more.

After a failover a replica set may acknowledge every two seconds only, and still takes leads.
"""

_HEARTBEAT = {"_id": "heartbeat"}


class MongoHealthProbe(HealthProbe):
    """
    Healthy while writes reach the journals of the majority.

    A primary says that it is one also where its disk is full, or its secondaries' are. So it is
    asked to write; but a probe has half a second, and a write may take longer. It goes on beside
    the probes, one at a time, and the last one that ended counts, if it is not too old.
    """

    name = "database"

    def __init__(self, database: MongoDatabase) -> None:
        self._database = database
        self._beat: asyncio.Task[None] | None = None
        self._last_beat = float("-inf")

    async def is_healthy(self) -> bool:
        """Asks for the primary itself, for a secondary answers as well; then it writes."""
        deadline = time.monotonic() + PROBE_TIMEOUT_SECONDS
        if not await self._database.is_writable():
            return False
        if self._beat is None or self._beat.done():
            self._beat = asyncio.get_running_loop().create_task(self._write(), name="heartbeat")
        await asyncio.wait({self._beat}, timeout=max(deadline - time.monotonic(), 0))
        return time.monotonic() - self._last_beat < BEAT_TIMEOUT_SECONDS

    async def _write(self) -> None:
        beat = {"$set": {"at": datetime.now(UTC)}}
        try:
            with self._database.work(BEAT_TIMEOUT_SECONDS) as store:
                await store.about.update_one(_HEARTBEAT, beat, upsert=True)
        except StorageUnavailable:
            self._last_beat = float("-inf")
        else:
            self._last_beat = time.monotonic()
