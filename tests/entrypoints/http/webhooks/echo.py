"""A channel that shows what HTTP gives to a channel: each call is a message that says it."""

import json
from collections.abc import Mapping

from application.ports.lead_channel import LeadChannel
from domain.channel import SettingValues
from domain.delivery import Delivery, Inbound, Reading
from domain.identity import Identity
from domain.message import Message
from domain.refusals import ChallengeNotOffered


class EchoChannel(LeadChannel):
    name = "echo"
    settings = ()

    def answer_challenge(self, query: Mapping[str, str], settings: SettingValues) -> str:
        raise ChallengeNotOffered

    def authenticate(self, delivery: Delivery, settings: SettingValues) -> None: ...

    def read(self, delivery: Delivery) -> Reading:
        given = {"query": delivery.query, "headers": delivery.headers}
        message = Message(
            message_id="1", type="call", text=None, sent_at=None, raw=json.dumps(given)
        )
        return Reading([Inbound(identities=(Identity("caller", "1"),), message=message)])

    def sample(self, settings: SettingValues) -> Delivery:
        return Delivery(b"", {})
