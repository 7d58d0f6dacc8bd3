"""Settings of channels, a document for each project and channel."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pymongo.errors import DuplicateKeyError

from adapters.mongodb.connection.database import MongoDatabase
from application.ports.channel_register import ChannelRegister
from domain.channel import SettingValues

Change = Callable[[dict[str, list[str]]], None]


class MongoChannelRegister(ChannelRegister):
    """
    A change replaces the revision that it was made from.

    Settings are an array: their names are a channel's, and no field names of ours.
    """

    def __init__(self, database: MongoDatabase) -> None:
        self._database = database

    async def get(self, project_id: str, channel: str) -> SettingValues:
        """All settings."""
        with self._database.work() as store:
            wanted = {"_id": _id(project_id, channel)}
            return _settings(await store.channel_settings.find_one(wanted))

    async def set(self, project_id: str, channel: str, values: SettingValues) -> SettingValues:
        """Replace what is named."""

        def change(settings: dict[str, list[str]]) -> None:
            for name, wanted in values.items():
                settings.pop(name, None)
                if wanted:
                    settings[name] = list(wanted)

        return await self._change(project_id, channel, change)

    async def set_missing(
        self, project_id: str, channel: str, values: SettingValues
    ) -> SettingValues:
        """Set what has no value yet."""

        def change(settings: dict[str, list[str]]) -> None:
            for name, wanted in values.items():
                if wanted:
                    settings.setdefault(name, list(wanted))

        return await self._change(project_id, channel, change)

    async def projects_with(self, channel: str, name: str, value: str) -> Sequence[str]:
        """From the index alone but for the project."""
        setting = {"name": {"$eq": name}, "chosen": {"$eq": value}}
        wanted = {"channel": {"$eq": channel}, "settings": {"$elemMatch": setting}}
        try:
            with self._database.work() as store:
                cursor = store.channel_settings.find(wanted, {"project_id": 1})
                documents = await cursor.sort("project_id", 1).to_list(None)
        except UnicodeEncodeError:  # half a surrogate pair, which nobody can have set
            return ()
        return [document["project_id"] for document in documents]

    async def projects_with_any(
        self, channel: str, name: str, values: Sequence[str]
    ) -> Mapping[str, Sequence[str]]:
        """Found by the index, and read from the settings of each."""
        setting = {"name": {"$eq": name}, "chosen": {"$in": list(values)}}
        wanted = {"channel": {"$eq": channel}, "settings": {"$elemMatch": setting}}
        with self._database.work() as store:
            cursor = store.channel_settings.find(wanted, {"project_id": 1, "settings": 1})
            documents = await cursor.sort("project_id", 1).to_list(None)
        chosen = {document["project_id"]: _settings(document)[name] for document in documents}
        return {
            project_id: [value for value in values if value in having]
            for project_id, having in chosen.items()
        }

    async def _change(self, project_id: str, channel: str, change: Change) -> SettingValues:
        this = {"_id": _id(project_id, channel)}
        with self._database.work() as store:
            while True:
                document = await store.channel_settings.find_one(this)
                settings = _settings(document)
                before = dict(settings)
                change(settings)
                if settings == before:
                    return settings
                revision = document["revision"] if document else 0
                successor = {
                    "project_id": project_id,
                    "channel": channel,
                    "revision": revision + 1,
                    "settings": [{"name": n, "chosen": c} for n, c in settings.items()],
                }
                replaced = {**this, "revision": revision}
                try:
                    done = await store.channel_settings.replace_one(
                        replaced, successor, upsert=revision == 0
                    )
                except DuplicateKeyError:  # another one made the first revision
                    continue
                if done.matched_count or done.upserted_id is not None:
                    return settings


def _id(project_id: str, channel: str) -> str:
    return f"{project_id}/{channel}"


def _settings(document: dict[str, Any] | None) -> dict[str, list[str]]:
    return {one["name"]: one["chosen"] for one in document["settings"]} if document else {}
