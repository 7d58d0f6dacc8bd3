"""Whether the file is there and can be written."""

import asyncio

from adapters.sqlite.connection.database import SqliteDatabase
from application.ports.health_probe import HealthProbe
from domain.errors import StorageUnavailable

TIMEOUT_SECONDS = 0.5
LOCK_TIMEOUT_SECONDS = 0.4


class SqliteHealthProbe(HealthProbe):
    """Healthy while it takes writes: the lock is to be had, no file is lost, the disk has room."""

    name = "database"

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def is_healthy(self) -> bool:
        """Writes, and throws nothing away: only a write shows that the disk has room for one."""
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                await self._database.prove_writable(LOCK_TIMEOUT_SECONDS)
        except (StorageUnavailable, TimeoutError):
            return False
        return True
