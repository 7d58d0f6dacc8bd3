"""Settings of channels, a row each."""

from collections.abc import Mapping, Sequence

import orjson

from adapters.sqlite.connection.database import SqliteDatabase
from adapters.sqlite.connection.driver import sqlite3
from application.ports.channel_register import ChannelRegister
from domain.channel import SettingValues

_SELECT = "SELECT name, chosen FROM channel_settings WHERE project_id = ? AND channel = ?"
_SELECT_NAMED = """
SELECT project_id, chosen FROM channel_settings
WHERE channel = ? AND name = ? AND instr(chosen, ?) ORDER BY project_id
"""
_SELECT_ALL_NAMED = """
SELECT project_id, chosen FROM channel_settings WHERE channel = ? AND name = ? ORDER BY project_id
"""
_DELETE = "DELETE FROM channel_settings WHERE project_id = ? AND channel = ? AND name = ?"
_REPLACE = "INSERT OR REPLACE INTO channel_settings VALUES (?, ?, ?, ?)"
_INSERT_MISSING = "INSERT OR IGNORE INTO channel_settings VALUES (?, ?, ?, ?)"


class SqliteChannelRegister(ChannelRegister):
    """Every method is one transaction."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    async def get(self, project_id: str, channel: str) -> SettingValues:
        """All settings."""
        return await self._database.read(lambda connection: _all(connection, project_id, channel))

    async def set(self, project_id: str, channel: str, values: SettingValues) -> SettingValues:
        """Replace what is named."""

        def work(connection: sqlite3.Connection) -> SettingValues:
            for name, wanted in values.items():
                connection.execute(_DELETE, (project_id, channel, name))
                if wanted:
                    connection.execute(_REPLACE, (project_id, channel, name, _text(wanted)))
            return _all(connection, project_id, channel)

        return await self._database.write(work)

    async def set_missing(
        self, project_id: str, channel: str, values: SettingValues
    ) -> SettingValues:
        """Set what has no value yet."""

        def work(connection: sqlite3.Connection) -> SettingValues:
            for name, wanted in values.items():
                if wanted:
                    connection.execute(_INSERT_MISSING, (project_id, channel, name, _text(wanted)))
            return _all(connection, project_id, channel)

        return await self._database.write(work)

    async def projects_with(self, channel: str, name: str, value: str) -> Sequence[str]:
        """SQLite leaves out most that have not the value, this the rest (`,` is in `"a","b"`)."""
        try:
            wanted = (channel, name, _text(value))
        except TypeError:  # half a surrogate pair, which nobody can have set
            return ()

        def work(connection: sqlite3.Connection) -> list[str]:
            rows = connection.execute(_SELECT_NAMED, wanted)
            return [project_id for project_id, text in rows if value in orjson.loads(text)]

        return await self._database.read(work)

    async def projects_with_any(
        self, channel: str, name: str, values: Sequence[str]
    ) -> Mapping[str, Sequence[str]]:
        """All settings of this name are read once."""

        def work(connection: sqlite3.Connection) -> Mapping[str, Sequence[str]]:
            rows = connection.execute(_SELECT_ALL_NAMED, (channel, name))
            chosen = {project_id: orjson.loads(text) for project_id, text in rows}
            found = {one: [v for v in values if v in having] for one, having in chosen.items()}
            return {one: having for one, having in found.items() if having}

        return await self._database.read(work)


def _text(values: object) -> str:
    return orjson.dumps(values).decode()


def _all(connection: sqlite3.Connection, project_id: str, channel: str) -> SettingValues:
    rows = connection.execute(_SELECT, (project_id, channel))
    return {name: orjson.loads(text) for name, text in rows}
