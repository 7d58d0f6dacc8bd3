"""Whether the file is there and answers."""

import asyncio
import sqlite3

from adapters.sqlite.database import SqliteDatabase
from application.ports.errors import StorageUnavailable
from application.ports.health_probe import HealthProbe

TIMEOUT_SECONDS = 0.5


class SqliteHealthProbe(HealthProbe):
    """Healthy while the file that is open is still the one under its name, and can be read."""

    name = "database"

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def is_healthy(self) -> bool:
        """A read, and a look at the file's name: a deleted file would still take writes."""
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                return await self._database.read(self._look)
        except (StorageUnavailable, TimeoutError):
            return False

    def _look(self, connection: sqlite3.Connection) -> bool:
        connection.execute("SELECT 1 FROM projects LIMIT 1").fetchone()
        return self._database.is_in_place()
