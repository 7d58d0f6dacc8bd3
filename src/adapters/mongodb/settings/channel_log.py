"""When something last came through a channel, a document for each project and channel."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from pymongo import UpdateOne

from adapters.mongodb.connection.database import MongoDatabase
from application.ports.channel_log import ChannelLog
from domain.channel import ChannelEvent, Moments


class MongoChannelLog(ChannelLog):
    """Each event is a field; the first mark makes the document."""

    def __init__(self, database: MongoDatabase) -> None:
        self._database = database

    async def mark(self, moments: Moments) -> None:
        """The later moment of the two stays."""
        if not moments:
            return
        last: defaultdict[tuple[str, str], dict[str, datetime]] = defaultdict(dict)
        for (project_id, channel, event), moment in moments.items():
            last[project_id, channel][event.value] = moment
        updates = [
            UpdateOne({"_id": f"{project_id}/{channel}"}, {"$max": fields}, upsert=True)
            for (project_id, channel), fields in last.items()
        ]
        with self._database.work() as store:
            await store.channel_events.bulk_write(updates, ordered=False)

    async def last(self, project_id: str, channel: str) -> Mapping[ChannelEvent, datetime]:
        """The last moment of each event."""
        with self._database.work() as store:
            document = await store.channel_events.find_one({"_id": f"{project_id}/{channel}"})
        found = document or {}
        return {event: found[event.value] for event in ChannelEvent if event.value in found}
