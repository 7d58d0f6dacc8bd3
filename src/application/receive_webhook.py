"""One webhook delivery is proven, read, and kept."""

import asyncio

from application.authenticate_key import AuthenticateKey
from application.calls_of import calls_of
from application.channel_activity import ChannelActivity
from application.channel_settings import ChannelSettings
from application.delivered_items import Delivered
from application.find_owner import is_proven
from application.fresh_cache import FreshCache
from application.keep_items import KeepItems, WebhookReceipt
from application.ports.channel_register import SettingValues
from application.ports.clock import Clock
from application.ports.lead_channel import Delivery, LeadChannel, Reading

LARGE_BODY_BYTES = 64 * 1024


class ReceiveWebhook:
    """
    Keep what is in one authentic delivery.

    - Nothing is read before the channel has authenticated the delivery.
    - A delivery that comes again makes nothing twice.
    """

    def __init__(
        self,
        authenticate: AuthenticateKey,
        channels: ChannelSettings,
        settings: FreshCache[tuple[str, str], SettingValues],
        keep_items: KeepItems,
        activity: ChannelActivity,
        clock: Clock,
    ) -> None:
        self._authenticate = authenticate
        self._channels = channels
        self._settings = settings
        self._keep_items = keep_items
        self._activity = activity
        self._clock = clock

    async def __call__(
        self, channel: str, key: str | None, delivery: Delivery, request_id: str
    ) -> WebhookReceipt:
        """
        The receipt; every item in it is durable, in a lead or held.

        Raises:
            UnknownChannel, InvalidApiKey, SignatureMismatch, InvalidJson: Nothing was read.
            StoreUnusable: A secret of the project's cannot be read.
            StorageUnavailable, Overloaded: Not known to be kept in time; the same delivery
                may come again.
        """
        reader = self._channels.channel(channel)
        project = await self._authenticate(key, channel=channel)
        with calls_of(project.project_id):
            settings = await self._settings.get((project.project_id, channel))
            with self._activity.delivery(project.project_id, channel):
                reader.authenticate(delivery, settings)
            reading = await _read(reader, delivery)
            call = Delivered(
                project_id=project.project_id,
                channel=channel,
                request_id=request_id,
                at=self._clock.now(),
            )

            def proves(settings: SettingValues) -> bool:
                return is_proven(reader, delivery, settings)

            return await self._keep_items(call, reading, proves)


async def _read(reader: LeadChannel, delivery: Delivery) -> Reading:
    """The reading; a large body is read in a thread, or it would keep every other call waiting."""
    if len(delivery.body) > LARGE_BODY_BYTES:
        return await asyncio.to_thread(reader.read, delivery)
    return reader.read(delivery)
