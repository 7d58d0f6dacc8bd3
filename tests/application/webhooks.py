"""Posting to the webhook of a channel, as its sender would."""

from collections.abc import Sequence
from itertools import count
from typing import Any

from application.channel_settings import ChannelSettings
from application.keep_items import WebhookReceipt
from application.ports.held_archive import HeldArchive, HeldQuery
from application.ports.held_ledger import HeldCall
from application.ports.lead_archive import LeadArchive, LeadQuery
from application.ports.lead_channel import Delivery
from application.receive_webhook import ReceiveWebhook
from domain.lead import Lead
from domain.project import Project
from tests.application.fakes import PostcardChannel

EMPTY = Delivery(b"", {})

_numbers = count(1)


class Post:
    """Delivers items to one project's webhook, where a call does not say otherwise."""

    def __init__(
        self,
        receive: ReceiveWebhook,
        settings: ChannelSettings,
        channel: PostcardChannel,
        project: Project,
        key: str,
    ) -> None:
        self.receive = receive
        self.settings = settings
        self.channel = channel
        self.project = project
        self.key = key

    async def __call__(
        self,
        *items: Any,
        ignored: int = 0,
        to: str = "postcards",
        delivery: Delivery = EMPTY,
        **fields: Any,
    ) -> WebhookReceipt:
        self.channel.items, self.channel.ignored = items, ignored
        request_id = fields.get("request_id", f"req_{next(_numbers):06}")
        return await self.receive(to, fields.get("key", self.key), delivery, request_id)


async def leads_of(archive: LeadArchive, project: Project) -> Sequence[Lead]:
    """A project's leads, by number."""
    query = LeadQuery(project_id=project.project_id)
    return await archive.page(query, after=None, limit=10_000)


async def held_by(held_archive: HeldArchive, project: Project) -> Sequence[HeldCall]:
    """What a project holds, oldest first."""
    query = HeldQuery(project_id=project.project_id)
    return await held_archive.page(query, after=None, limit=10_000)


async def messages_of(archive: LeadArchive, project: Project) -> list[list[str]]:
    """The ids of the messages of each lead of a project, by number."""
    leads = await leads_of(archive, project)
    return [[message.message_id for message in lead.messages] for lead in leads]
