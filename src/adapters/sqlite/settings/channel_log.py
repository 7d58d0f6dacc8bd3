"""When something last came through a channel, a row for each event."""

from collections.abc import Mapping
from datetime import datetime

from adapters.sqlite.connection.database import SqliteDatabase
from adapters.sqlite.connection.driver import sqlite3
from adapters.sqlite.connection.moments import from_store, to_store
from application.ports.channel_log import ChannelLog
from domain.channel import ChannelEvent, Moments

_MARK = """
INSERT INTO channel_events (project_id, channel, event, last_at) VALUES (?, ?, ?, ?)
ON CONFLICT DO UPDATE SET last_at = max(last_at, excluded.last_at)
"""
_SELECT = "SELECT event, last_at FROM channel_events WHERE project_id = ? AND channel = ?"


class SqliteChannelLog(ChannelLog):
    """Every method is one transaction."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def mark(self, moments: Moments) -> None:
        """The later moment of the two stays."""
        rows = [(*thing, to_store(moment)) for thing, moment in moments.items()]

        def work(connection: sqlite3.Connection) -> None:
            connection.executemany(_MARK, rows)

        await self._database.write(work)

    async def last(self, project_id: str, channel: str) -> Mapping[ChannelEvent, datetime]:
        """The last moment of each event."""

        def work(connection: sqlite3.Connection) -> dict[ChannelEvent, datetime]:
            rows = connection.execute(_SELECT, (project_id, channel))
            return {ChannelEvent(event): from_store(last_at) for event, last_at in rows}

        return await self._database.read(work)
