"""Small channels for which every part of the contract can be tried, and their senders."""

import base64
import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import replace
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
from entrypoints.channel_contract import SecretHeaderSender, Sender, openssl_hmac
from entrypoints.channel_contract.json_values import json_bytes

HEADER = "x-fair-token"
STAMPED = ("webhook-id", "webhook-timestamp", "webhook-signature")
MOST_SECONDS = 300
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


class StampedFairChannel(FairChannel):
    """Its deliveries are signed with their time (Standard Webhooks); no old one is taken."""

    name = "stamped_fairs"
    settings = (
        replace(FairChannel.settings[0], name="signing_secret", pattern=r"whsec_[\w+/]+={0,2}"),
    )

    def authenticate_head(self, head: Delivery, settings: SettingValues) -> None:
        if any(len(head.headers.get(name, ())) != 1 for name in STAMPED):
            raise SignatureMismatch

    def authenticate(self, delivery: Delivery, settings: SettingValues) -> None:
        self.authenticate_head(delivery, settings)
        ours = [sign(delivery, secret).encode() for secret in settings.get("signing_secret", ())]
        given = delivery.headers["webhook-signature"][0].encode("utf-8", "surrogatepass")
        if not any(hmac.compare_digest(one, our) for one in given.split() for our in ours):
            raise SignatureMismatch
        if abs(time.time() - int(delivery.headers["webhook-timestamp"][0])) > MOST_SECONDS:
            raise SignatureMismatch

    def sample(self, settings: SettingValues) -> Delivery:
        stamp = {"webhook-id": (str(uuid4()),), "webhook-timestamp": (str(int(time.time())),)}
        delivery = replace(super().sample({}), headers=stamp)
        signatures = [sign(delivery, secret) for secret in settings.get("signing_secret", ())]
        return replace(delivery, headers=stamp | {"webhook-signature": signatures[:1]})


def sign(delivery: Delivery, secret: str) -> str:
    message_id, moment = (delivery.headers[name][0] for name in STAMPED[:2])
    signed = f"{message_id}.{moment}.".encode("utf-8", "surrogatepass") + delivery.body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


class StandardWebhooks(Sender):
    signature_header = "webhook-signature"
    secrets = ("whsec_Zmlyc3Qtc2VjcmV0", "whsec_c2Vjb25kLXNlY3JldA==", "whsec_dGhpcmQtc2VjcmV0")

    def __init__(self) -> None:
        self.sent_at = str(int(time.time()))
        body, key = b"{}", base64.b64decode(self.secrets[0].removeprefix("whsec_"))
        made = openssl_hmac(f"msg_1.{self.sent_at}.".encode() + body, key)
        self.recorded = self.signed(body, "v1," + base64.b64encode(made).decode())

    def signed(self, body: bytes, *signatures: str) -> Delivery:
        stamp = {"webhook-id": ("msg_1",), "webhook-timestamp": (self.sent_at,)}
        return Delivery(body, stamp | {self.signature_header: signatures})

    def signature(self, body: bytes, secret: str) -> str:
        return sign(self.signed(body), secret)  # as your channel does


class StampedFair(StandardWebhooks):
    payload = Fair.payload
    item = Fair.item
    nameless = Fair.nameless

    def settings(self, *secrets: str) -> SettingValues:
        return {"signing_secret": secrets}


def channel() -> LeadChannel:
    return FairChannel()


def stamped_channel() -> LeadChannel:
    return StampedFairChannel()


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
