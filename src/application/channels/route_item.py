"""Which project gets an item: items for several projects may come to one webhook."""

from collections.abc import Awaitable, Callable, Sequence

from application.channels.channel_settings import ChannelSettings
from application.ports.lead_channel import LeadChannel
from application.process.settings_cache import SettingsCache
from domain.channel import SettingValues
from domain.delivery import Delivery
from domain.refusals import SignatureMismatch

Proves = Callable[[SettingValues], Awaitable[bool]]
"""Says whether the settings of another project prove that the item may be given to it."""


class RouteItem:
    """
    Find the project that an item was sent to.

    - A project that lists no number gets everything that comes to its webhook.
    - A project gets the items for the numbers that it lists. An item for a number that another
      project lists goes to that project, if a secret of that project proves the delivery too:
      whoever has a key of one project must not be able to write into another.
    - An item for a number that no project lists goes to none.

    Listings and settings are at most two seconds old. A number that an operator moves from one
    project to another in that time may still go to the first; an item that goes to none is held,
    and released once it is listed (`application.held.release_listed`).
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
        The id of the project, or None if no project lists *recipient*.

        *home* is the project whose webhook was called.

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
        The same for an item that *home* holds.

        The signature of its delivery was not kept. So another project gets the item only if it has
        a secret in common with *home*: then both use the same app of the sender.

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
