"""What a person needs to connect a channel."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from application.channels.channel_settings import ChannelSettings
from application.channels.webhook_address import webhook_url, without_password
from application.keys.create import CreateKey
from domain.api_key import ApiKey
from domain.channel import ChannelSetting, SettingValues
from domain.errors import StoreUnusable


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelView:
    """
    A channel as one project has it.

    Attributes:
        webhook_url: As anybody may see it who gives it to a sender: a password of the public
            address is hidden. Contains the channel's own key, whose id is *key_id*; both are empty
            until somebody has looked at the channel.
        target: The same with the password, to send to; not for showing.
        settings: The values of each setting; those of a secret stay locked, and show only that it
            is set.
        fault: Why a secret cannot be read; None when all can.
    """

    channel: str
    webhook_url: str
    target: str = field(repr=False)
    key_id: str
    settings: Mapping[ChannelSetting, tuple[str, ...]]
    fault: StoreUnusable | None = None

    @property
    def hides_password(self) -> bool:
        """Whether the sender needs a password in the URL that is not shown."""
        return self.webhook_url != self.target


class ShowChannel:
    """Show a channel; the first time, make its key and its generated values."""

    def __init__(self, settings: ChannelSettings, create_key: CreateKey, public_url: str) -> None:
        self._settings = settings
        self._create_key = create_key
        self._public_url = public_url

    async def __call__(self, project_id: str, channel: str) -> ChannelView:
        """
        The channel as it is now.

        Raises:
            UnknownChannel: No channel of this name is switched on.
        """
        await self._settings.generate_missing(project_id, channel)
        key = await self._create_key(project_id, label=f"webhook of {channel}", channel=channel)
        return await self.as_it_is(project_id, channel, key.kept)

    async def as_it_is(self, project_id: str, channel: str, key: ApiKey | None) -> ChannelView:
        """
        The channel with the *key* that it has, if any; nothing is made.

        Raises:
            UnknownChannel: No channel of this name is switched on.
        """
        declared = self._settings.channel(channel).settings
        values: SettingValues = await self._settings.stored(project_id, channel)
        url = webhook_url(self._public_url, channel, key.readable or "") if key else ""
        return ChannelView(
            channel=channel,
            webhook_url=without_password(url),
            target=url,
            key_id=key.key_id if key else "",
            settings={setting: tuple(values.get(setting.name, ())) for setting in declared},
            fault=await self._settings.fault(project_id, channel),
        )
