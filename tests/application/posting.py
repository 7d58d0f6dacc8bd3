"""Posting to the webhook of a channel, as its sender would."""

from dataclasses import replace
from itertools import count
from typing import Any

from application.receive.keep_items import WebhookReceipt
from domain.delivery import Delivery, Inbound
from domain.project import Project
from entrypoints.container import Container
from tests.application.fakes import PostcardChannel, a_postcard

EMPTY = Delivery(b"", {})
FIVE_PEOPLE = [
    ("1", "m1"),
    ("2", "m2"),
    ("3", "m3"),
    ("1", "m4"),
    ("4", "m5"),
    ("2", "m6"),
    ("5", "m7"),
]
"""Who writes, and which message."""

_numbers = count(1)


def an_edit(sender: str, message_id: str, /, **fields: Any) -> Inbound:
    """A message that changes another one of this person, and opens no lead."""
    return a_postcard(sender, message_id, opens_lead=False, **fields)


class Post:
    """Delivers items to one project's webhook, where a call does not say otherwise."""

    def __init__(
        self, container: Container, channel: PostcardChannel, project: Project, key: str
    ) -> None:
        self.receive = container.receive_webhook()
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
        head = replace(delivery, body=b"")
        expected = await self.receive.expect(to, fields.get("key", self.key), head)
        return await self.receive(expected, delivery.body, request_id)
