"""What Meta sends, made up."""

import hashlib
import hmac
from typing import Any

from adapters.whatsapp import WhatsAppChannel
from domain.channel import SettingValues
from domain.delivery import Delivery, Inbound, Reading
from entrypoints.channel_contract import Sender
from entrypoints.channel_contract.json_values import json_bytes

NUMBER_ID = "106540352242922"
PHONE = "12025550147"
USER_ID = "US.13491208655302741918"
SENT = "1795341600"


class Meta(Sender):
    signature_header = "x-hub-signature-256"
    secrets = ("0123456789abcdef0123456789abcdef", "fedcba9876543210", "ffffffffffffffff")
    recorded = Delivery(
        b'{"object":"whatsapp_business_account","entry":[]}',
        {
            "x-hub-signature-256": (
                "sha256=eefab58106e73358686845848feb95c56372e7391b3dc050b6a31c8c5f347ece",
            )
        },
    )

    def settings(self, *secrets: str) -> SettingValues:
        return {"app_secret": secrets}

    def signature(self, body: bytes, secret: str) -> str:
        return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()

    def payload(self, *items: Any) -> dict[str, Any]:
        contacts = [a_contact("Bystander", wa_id="447700900123", user_id="GB.1")]
        return a_delivery(a_change(*items, contacts=contacts))

    def item(self, number: int) -> dict[str, Any]:
        sender = {"from": f"1202555{number:04}", "from_user_id": f"US.{number}"}
        return a_message(**sender, id=f"wamid.{number}=", text={"body": f"text {number}"})

    def nameless(self) -> dict[str, Any]:
        return a_message(**{"from": None}, id=None)


def a_message(**keys: Any) -> dict[str, Any]:
    """A text message; a key that is None is left out."""
    default = {
        "from": PHONE,
        "id": "wamid.HBgLMTIwMjU1NTAxNDcVAgASGBQz/+A=",
        "timestamp": SENT,
        "type": "text",
        "text": {"body": "hi"},
    }
    return {key: value for key, value in (default | keys).items() if value is not None}


def a_contact(name: str, **keys: Any) -> dict[str, Any]:
    return {"profile": {"name": name}, **keys}


def a_change(*messages: Any, field: str | None = "messages", **value: Any) -> dict[str, Any]:
    metadata = {"display_phone_number": "15550783881", "phone_number_id": NUMBER_ID}
    common = {"messaging_product": "whatsapp", "metadata": metadata}
    change = {"value": common | {"messages": list(messages)} | value}
    return change if field is None else {"field": field, **change}


def a_delivery(*changes: Any, **keys: Any) -> dict[str, Any]:
    entry = [{"id": "102290129340398", "changes": list(changes)}]
    return {"object": "whatsapp_business_account", "entry": entry} | keys


def read(payload: Any) -> Reading:
    return WhatsAppChannel().read(Meta().unsigned(json_bytes(payload)))


def read_messages(*messages: Any, **value: Any) -> Reading:
    return read(a_delivery(a_change(*messages, **value)))


def read_one(**keys: Any) -> Inbound:
    """The one message, with these keys, as a person's."""
    (item,) = read_messages(a_message(**keys)).items
    assert isinstance(item, Inbound)
    return item


def names(reading: Reading) -> list[str | None]:
    return [item.details.name for item in reading.items if isinstance(item, Inbound)]


def message_ids(payload: Any) -> list[str]:
    """Of what was read; what is unreadable has none."""
    return [
        item.message.message_id
        for item in read(payload).items
        if isinstance(item, Inbound) and item.message
    ]
