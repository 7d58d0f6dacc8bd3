"""A sender asks whether we expect its deliveries at a webhook URL."""

from collections.abc import Mapping

from application.channels.channel_activity import ChannelActivity
from application.channels.channel_settings import ChannelSettings
from application.keys.authenticate import AuthenticateKey
from application.process.settings_cache import SettingsCache
from domain.channel import ChannelEvent, SettingValues
from domain.errors import attribute_to


class VerifyWebhook:
    """Answer a subscription challenge with the settings of the project behind the key."""

    def __init__(
        self,
        authenticate: AuthenticateKey,
        channels: ChannelSettings,
        settings: SettingsCache[tuple[str, str], SettingValues],
        activity: ChannelActivity,
    ) -> None:
        self._authenticate = authenticate
        self._channels = channels
        self._settings = settings
        self._activity = activity

    async def __call__(self, channel: str, key: str | None, query: Mapping[str, str]) -> str:
        """
        The plain text to answer.

        Raises:
            UnknownChannel, InvalidApiKey, ChallengeIncomplete, ChallengeRefused,
            ChallengeNotOffered: The challenge is not answered.
            StoreUnusable: A secret of the project's cannot be read.
            StorageUnavailable: The store did not answer in time.
        """
        asked = self._channels.channel(channel)
        project = await self._authenticate(key, channel=channel)
        with attribute_to(project.project_id):
            settings = await self._settings.get((project.project_id, channel))
            answer = asked.answer_challenge(query, settings)
        self._activity.note(project.project_id, channel, ChannelEvent.CHALLENGE)
        return answer
