"""A small channel for which every part of the contract can be tried, and its sender."""

import hmac
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from adapters.channel_tools.sent_json import as_id, as_text, parse_object, to_text
from application.ports.lead_channel import LeadChannel
from domain.channel import ChannelSetting, SettingValues
from domain.delivery import Delivery, Inbound, Reading, Unreadable
from domain.identity import Identity
from domain.lead import LeadDetails
from domain.message import Message
from domain.refusals import ChallengeNotOffered, SignatureMismatch
from entrypoints.channel_contract import SecretHeaderSender, Sender
from entrypoints.channel_contract.json_values import json_bytes

HEADER = "x-fair-token"
SAMPLE = "sample"

Change = Callable[[Inbound], Inbound | Unreadable]


class FairChannel(LeadChannel):
    """Visitors of a fair, one a delivery; without a token nothing is proven."""

    name = "fairs"
    settings = (
        ChannelSetting(
            name="token",
            help="what the fair sends in X-Fair-Token",
            pattern=r"\w{8,50}",
            at_most=2,
            secret=True,
            warning_when_unset="No token is set: every delivery is refused.",
        ),
    )
    checklist = ("Look whether the fair is open.",)

    def answer_challenge(self, query: Any, settings: SettingValues) -> str:
        raise ChallengeNotOffered

    def authenticate_head(self, head: Delivery, settings: SettingValues) -> None:
        given = [v.encode("utf-8", "surrogatepass") for v in head.headers.get(HEADER, ())]
        tokens = [token.encode() for token in settings.get("token", ())]
        if len(given) != 1 or not any(hmac.compare_digest(given[0], token) for token in tokens):
            raise SignatureMismatch

    def authenticate(self, delivery: Delivery, settings: SettingValues) -> None:
        self.authenticate_head(delivery, settings)

    def read(self, delivery: Delivery) -> Reading:
        visitor = parse_object(delivery.body)
        number, badge = as_id(visitor.get("visit")), as_id(visitor.get("badge"))
        raw = to_text(visitor)
        if number is None or badge is None:
            return Reading([Unreadable(raw=raw)])
        said = Message(message_id=number, type="visit", text=None, sent_at=None, raw=raw)
        counts = badge != SAMPLE
        marks = {} if counts else {"test": True}
        details = LeadDetails(name=as_text(visitor.get("name")), attributes=marks)
        who = (Identity("badge", badge),)
        return Reading([Inbound(identities=who, message=said, details=details, counts=counts)])

    def sample(self, settings: SettingValues) -> Delivery:
        body = json_bytes({"visit": str(uuid4()), "badge": SAMPLE, "name": "Sample"})
        return Delivery(body, {HEADER: tuple(settings.get("token", ()))[:1]})


class Fair(SecretHeaderSender):
    signature_header = HEADER
    secrets = ("token_one", "token_two", "token_three")

    def settings(self, *secrets: str) -> SettingValues:
        return {"token": secrets}

    def payload(self, *items: Any) -> dict[str, Any]:
        return items[0] if items else {}

    def item(self, number: int) -> dict[str, Any]:
        return {"visit": f"visit {number}", "badge": number, "name": f"Visitor {number}"}

    def nameless(self) -> dict[str, Any]:
        return {"visit": "visit 1", "name": "Somebody"}


class OpenFairChannel(FairChannel):
    """The key in the URL is all there is."""

    settings = ()

    def authenticate_head(self, head: Delivery, settings: SettingValues) -> None: ...

    def authenticate(self, delivery: Delivery, settings: SettingValues) -> None: ...


class OpenFair(Sender):
    payload = Fair.payload
    item = Fair.item
    nameless = Fair.nameless


def channel() -> LeadChannel:
    return FairChannel()


def reading(change: Change) -> type[FairChannel]:
    """A channel that reads otherwise."""

    class Changed(FairChannel):
        def read(self, delivery: Delivery) -> Reading:
            items = [
                change(item) if isinstance(item, Inbound) else item
                for item in super().read(delivery).items
            ]
            return Reading(items)

    return Changed
