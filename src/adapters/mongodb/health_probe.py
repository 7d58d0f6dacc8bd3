"""Whether the database can be written to."""

from adapters.mongodb.database import MongoDatabase
from application.ports.health_probe import HealthProbe


class MongoHealthProbe(HealthProbe):
    """Healthy while there is a writable primary and the database is prepared."""

    name = "database"

    def __init__(self, database: MongoDatabase) -> None:
        self._database = database

    async def is_healthy(self) -> bool:
        """Asks for the primary itself: a secondary answers a ping as well."""
        return await self._database.is_writable()
