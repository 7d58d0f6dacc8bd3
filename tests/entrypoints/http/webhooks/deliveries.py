"""What Meta sends: challenges, and signed deliveries of messages."""

import hashlib
import hmac
import json
from typing import Any

from tests.support.program import Server
from tests.support.stores import Account
from tests.support.wire import Answer, request

SECRET = "test_app_secret"
TOKEN = "token-of-ours_1"
PATH = "/api/whatsapp/webhook"


def a_delivery(*messages: dict[str, Any], **value: Any) -> bytes:
    inner = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550783881", "phone_number_id": "10654"},
        "contacts": [{"profile": {"name": "Asha"}, "wa_id": "919812345678"}],
        "messages": list(messages),
        **value,
    }
    change = {"field": "messages", "value": inner}
    payload = {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}
    return json.dumps(payload).encode()


def a_message(message_id: str, text: str = "hi", sender: str = "919812345678") -> dict[str, Any]:
    return {"from": sender, "id": message_id, "timestamp": "1795341600", "type": "text",
            "text": {"body": text}}  # fmt: skip


def sign(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def deliver(
    server: Server, account: Account, body: bytes, signature: str | bytes | None = None
) -> Answer:
    headers = {"X-Hub-Signature-256": sign(body) if signature is None else signature}
    return request(server.port, "POST", f"{PATH}?api_key={account.key}", headers, body)


def challenge(server: Server, account: Account, query: str, key: str | None = None) -> Answer:
    path = f"{PATH}?api_key={key or account.key}{query}"
    return request(server.port, "GET", path)
