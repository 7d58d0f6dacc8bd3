"""One webhook delivery becomes leads and messages."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from application.authenticate_key import AuthenticateKey
from application.channel_activity import ChannelActivity
from application.channel_settings import ChannelSettings
from application.fresh_cache import FreshCache
from application.lead_writer import LeadWriter
from application.ports.channel_register import SettingValues
from application.ports.clock import Clock
from application.ports.errors import StorageUnavailable
from application.ports.lead_channel import Delivery, Inbound, LeadChannel, Reading, Unreadable
from application.ports.lead_ledger import Capture, How, Kept, Outcome, Why
from domain.lead import RULES, LeadDetails, Text
from domain.plan import seconds_to_next_month
from domain.refusals import Overloaded, PlanLimitReached, UnreadableDelivery, calls_of

LARGE_BODY_BYTES = 64 * 1024
WRITTEN_TOGETHER = 500
"""Items of one delivery that wait in the writer's queue at a time."""


@dataclass(frozen=True, slots=True)
class WebhookReceipt:
    """What became of the items of a delivery."""

    received: int
    new_leads: int
    duplicates: int
    ignored: int
    project_id: str = field(default="", compare=False)


class ReceiveWebhook:
    """
    Keep every item of one authentic delivery.

    - Nothing is read before the channel has authenticated the delivery.
    - A delivery that comes again makes nothing twice.
    - One item that cannot be kept does not keep its neighbours from being kept; the delivery
      is then refused as a whole, so that the sender brings it again.
    - Text that is too long for its field is cut, never refused.
    """

    def __init__(
        self,
        authenticate: AuthenticateKey,
        channels: ChannelSettings,
        settings: FreshCache[tuple[str, str], SettingValues],
        writer: LeadWriter,
        clock: Clock,
        activity: ChannelActivity,
    ) -> None:
        self._authenticate = authenticate
        self._channels = channels
        self._settings = settings
        self._writer = writer
        self._clock = clock
        self._activity = activity

    async def __call__(
        self, channel: str, key: str | None, delivery: Delivery, request_id: str
    ) -> WebhookReceipt:
        """
        The receipt; every item in it is durable.

        Raises:
            UnknownChannel, InvalidApiKey, SignatureMismatch, InvalidJson: Nothing was read.
            PlanLimitReached, UnreadableDelivery, Overloaded: Some items were not kept.
            StorageUnavailable: Not known to be written in time.
        """
        reader = self._channels.channel(channel)
        project = await self._authenticate(key, channel=channel)
        with calls_of(project.project_id):
            settings = await self._settings.get((project.project_id, channel))
            with self._activity.delivery(project.project_id, channel):
                reader.authenticate(delivery, settings)
            reading = await _read(reader, delivery)
            return await self._keep(reading, project.project_id, channel, request_id)

    async def _keep(
        self, reading: Reading, project_id: str, channel: str, request_id: str
    ) -> WebhookReceipt:
        now = self._clock.now()
        captures = [
            Capture(
                capture_id=f"{request_id}.{number}",
                project_id=project_id,
                channel=channel,
                captured_at=now,
                request_id=request_id,
                details=_cut(item.details),
                counts=item.counts,
                opens_lead=item.opens_lead,
                identities=item.identities,
                message=item.message,
            )
            for number, item in enumerate(reading.items)
            if isinstance(item, Inbound)
        ]
        outcomes = await self._write(captures)
        _refuse_if_incomplete(outcomes, now)
        if any(isinstance(item, Unreadable) for item in reading.items):
            raise UnreadableDelivery
        return _receipt(project_id, outcomes, reading.ignored)

    async def _write(self, captures: Sequence[Capture]) -> list[Outcome]:
        """Try them all before the first error is raised: each neighbour is kept if it can be."""
        answers: list[Outcome | BaseException] = []
        for start in range(0, len(captures), WRITTEN_TOGETHER):
            part = (self._writer.write(c) for c in captures[start : start + WRITTEN_TOGETHER])
            answers += await asyncio.gather(*part, return_exceptions=True)
            if any(isinstance(answer, StorageUnavailable | Overloaded) for answer in answers):
                break  # the next part would wait in vain, too
        for answer in answers:
            if isinstance(answer, BaseException):
                raise answer
        return [answer for answer in answers if not isinstance(answer, BaseException)]


async def _read(reader: LeadChannel, delivery: Delivery) -> Reading:
    """The reading; a large body is read in a thread, or it would keep every other call waiting."""
    if len(delivery.body) > LARGE_BODY_BYTES:
        return await asyncio.to_thread(reader.read, delivery)
    return reader.read(delivery)


def _refuse_if_incomplete(outcomes: Sequence[Outcome], received_at: datetime) -> None:
    reasons = {outcome.why for outcome in outcomes if not isinstance(outcome, Kept)}
    if Why.PLAN_FULL in reasons:
        raise PlanLimitReached(retry_after_seconds=seconds_to_next_month(received_at))
    if Why.UNWRITABLE in reasons:
        raise UnreadableDelivery


def _cut(details: LeadDetails) -> LeadDetails:
    """The details with every text cut to its field's limit."""
    texts: dict[str, Any] = {
        name: (value.strip()[: rule.limit].rstrip() or None)
        for name, rule in RULES.items()
        if isinstance(rule, Text) and (value := getattr(details, name)) is not None
    }
    return replace(details, **texts)


def _receipt(project_id: str, outcomes: Sequence[Outcome], ignored: int) -> WebhookReceipt:
    ways = Counter(outcome.how for outcome in outcomes if isinstance(outcome, Kept))
    nobody = sum(not isinstance(outcome, Kept) for outcome in outcomes)
    return WebhookReceipt(
        received=len(outcomes),
        new_leads=ways[How.NEW],
        duplicates=ways[How.KNOWN_MESSAGE],
        ignored=ignored + nobody,
        project_id=project_id,
    )
