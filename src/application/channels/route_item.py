"""Whose an item is: the numbers of several projects may arrive at one webhook."""

from collections.abc import Awaitable, Callable, Sequence

from application.channels.channel_settings import ChannelSettings
from application.ports.lead_channel import LeadChannel
from application.process.settings_cache import SettingsCache
from domain.channel import SettingValues
from domain.delivery import Delivery
from domain.refusals import SignatureMismatch

Proves = Callable[[SettingValues], Awaitable[bool]]
"""Whether the settings of another project prove that the item may be given to it."""


class RouteItem:
    """
    Find the project that an item was addressed to.

    - A project that lists no address takes all that comes to its webhook.
    - What it lists itself is its own; what another project lists is that one's, if its
      settings prove it: a key alone opens no door to a neighbour.
    - What nobody lists is nobody's.
    """

    def __init__(
        self,
        channels: ChannelSettings,
        settings: SettingsCache[tuple[str, str], SettingValues],
        listings: SettingsCache[tuple[str, str, str], Sequence[str]],
    ) -> None:
        self._channels = channels
        self._settings = settings
        self._listings = listings

    async def __call__(
        self, channel: str, home: str, recipient: str | None, proves: Proves
    ) -> str | None:
        """
        The id of the project, *home* being the one whose webhook was called; None: nobody lists it.

        Raises:
            UnknownChannel: No channel of this name is switched on.
            StorageUnavailable: The store did not answer in time.
        """
        names = [s.name for s in self._channels.channel(channel).settings if s.recipients]
        own = await self._settings.get((home, channel))
        listed = [address for name in names for address in own.get(name, ())]
        if not listed or recipient is None or recipient in listed:
            return home
        for name in names:
            for project_id in await self._listings.get((channel, name, recipient)):
                if await proves(await self._settings.get((project_id, channel))):
                    return project_id
        return None

    async def of_held(self, channel: str, home: str, recipient: str | None) -> str | None:
        """
        The same for what *home* holds: the signature that proved the delivery is gone by now.

        Another project gets it only if it has a secret in common with *home*.

        Raises:
            UnknownChannel: No channel of this name is switched on.
            StorageUnavailable: The store did not answer in time.
        """
        found = self._channels.channel(channel)
        own = await self._settings.get((home, channel))

        async def shares_a_secret(settings: SettingValues) -> bool:
            return bool(_secrets(found, own) & _secrets(found, settings))

        return await self(channel, home, recipient, shares_a_secret)


def is_proven(channel: LeadChannel, delivery: Delivery, settings: SettingValues) -> bool:
    """Whether a secret among *settings* proves *delivery*; no secret proves nothing."""
    if not _secrets(channel, settings):
        return False
    try:
        channel.authenticate(delivery, settings)
    except SignatureMismatch:
        return False
    return True


def _secrets(channel: LeadChannel, settings: SettingValues) -> set[tuple[str, str]]:
    names = [setting.name for setting in channel.settings if setting.secret]
    return {(name, value) for name in names for value in settings.get(name, ())}
