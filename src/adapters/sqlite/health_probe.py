"""Whether the file is there and can be written."""

import asyncio
import sqlite3

from adapters.sqlite.database import SqliteDatabase
from application.ports.errors import StorageUnavailable
from application.ports.health_probe import HealthProbe

TIMEOUT_SECONDS = 0.5
LOCK_TIMEOUT_SECONDS = 0.4


class SqliteHealthProbe(HealthProbe):
    """Healthy while a write could be made now: the lock is to be had and the file in its place."""

    name = "database"

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def is_healthy(self) -> bool:
        """A transaction that writes nothing."""
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                await self._database.write(_look, LOCK_TIMEOUT_SECONDS)
        except (StorageUnavailable, TimeoutError):
            return False
        return True


def _look(connection: sqlite3.Connection) -> None:
    connection.execute("SELECT 1 FROM projects LIMIT 1").fetchone()
