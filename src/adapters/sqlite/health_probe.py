"""Whether the file is there and answers."""

import sqlite3

from adapters.sqlite.database import SqliteDatabase
from application.ports.errors import StorageUnavailable
from application.ports.health_probe import HealthProbe


class SqliteHealthProbe(HealthProbe):
    """Healthy while the file that is open is still the one under its name, and can be read."""

    name = "database"

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database
        self._file: tuple[int, int] | None = None

    async def is_healthy(self) -> bool:
        """A read, and a look at the file's name: a deleted file would still take writes."""
        try:
            return await self._database.read(self._look)
        except (StorageUnavailable, OSError):
            return False

    def _look(self, connection: sqlite3.Connection) -> bool:
        connection.execute("SELECT 1 FROM projects LIMIT 1").fetchone()
        found = self._database.path.stat()
        file = (found.st_dev, found.st_ino)
        if self._file is None:
            self._file = file
        return self._file == file
