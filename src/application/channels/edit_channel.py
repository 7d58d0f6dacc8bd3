"""Changes of a channel's settings that build on what they are now."""

from collections.abc import Sequence
from types import MappingProxyType

from application.channels.channel_settings import ChannelSettings
from domain.channel import ChannelSetting, SettingValues
from domain.errors import InvalidSetting, StoreUnusable


class EditChannel:
    """
    Change a channel as a form does: who fills it in sees what is set, but for secrets.

    Of two people who change one value at the same time, the later one wins.
    Any method may raise `UnknownChannel`, `StorageUnavailable`, and `StoreUnusable` where a secret
    cannot be locked.
    """

    def __init__(self, settings: ChannelSettings) -> None:
        self._settings = settings

    async def save(
        self,
        project_id: str,
        channel: str,
        values: SettingValues,
        shown: SettingValues = MappingProxyType({}),
    ) -> None:
        """
        Give each setting that *values* names these values.

        *shown* is what the form had when it was opened, by default what is set now: where others
        have changed something since, their changes stay beside those that the form makes.

        A new secret joins the newest of those that are valid now, as far as the setting has room
        for both; where these cannot be read, it replaces them. No secret changes nothing.

        Raises:
            InvalidSetting: One does not exist or cannot be this, or has no room for what others
                have added as well; nothing was changed.
        """
        declared = self._settings.channel(channel).settings
        secret = {one.name: one for one in declared if one.secret}
        single = {one.name for one in declared if one.at_most == 1}
        stored = await self._settings.stored(project_id, channel)
        changed: dict[str, Sequence[str]] = {}
        for name, wanted in values.items():
            if name not in secret:
                now = stored.get(name, ())
                merged = _merged(wanted, shown.get(name, now), now, alone=name in single)
                if merged != list(now):
                    changed[name] = merged
            elif wanted:
                both = [*wanted, *await self._valid_now(project_id, channel, name)]
                changed[name] = list(dict.fromkeys(both))[: secret[name].at_most]
        await self._settings.change(project_id, channel, changed)

    async def end_older(self, project_id: str, channel: str, name: str) -> None:
        """
        End the rotation of a secret: the newest alone is valid.

        Raises:
            StoreUnusable: A secret cannot be read.
        """
        valid = (await self._settings.read(project_id, channel)).get(name, ())
        await self._settings.change(project_id, channel, {name: valid[:1]})

    async def list_number(self, project_id: str, channel: str, number: str) -> None:
        """
        Add *number* to those that the project lists.

        Raises:
            InvalidSetting: It cannot be listed, or there is no room for it.
        """
        taking = [s for s in self._settings.channel(channel).settings if lists(s, number)]
        if not taking:
            raise InvalidSetting(f"{channel} has no setting that lists this number.")
        name = taking[0].name
        listed = (await self._settings.stored(project_id, channel)).get(name, ())
        await self._settings.change(project_id, channel, {name: [*listed, number]})

    async def _valid_now(self, project_id: str, channel: str, name: str) -> Sequence[str]:
        try:
            return (await self._settings.read(project_id, channel)).get(name, ())
        except StoreUnusable:
            return ()


def _merged(
    wanted: Sequence[str], shown: Sequence[str], now: Sequence[str], *, alone: bool
) -> Sequence[str]:
    """*now*, changed as *wanted* differs from *shown*; of a value that is *alone*, the wanted."""
    if list(wanted) == list(shown):
        return list(now)
    if alone:
        return list(wanted)
    removed = [value for value in shown if value not in now]
    added = [value for value in now if value not in shown]
    return list(dict.fromkeys([*(one for one in wanted if one not in removed), *added]))


def lists(setting: ChannelSetting, number: str) -> bool:
    """Whether *number* can be among the values of *setting*, and so be a project's own."""
    return setting.recipients and setting.misfit([number]) is None
