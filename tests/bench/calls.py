"""What a website sends, and what Meta sends: the bytes that a proxy forwards."""

import hashlib
import hmac
import itertools
import json
from collections.abc import Callable

from tests.bench.tracing import MARK

DOMAIN = "example.com"
APP_SECRET = "an_app_secret"

_number = itertools.count(1_000)


LEAD = {
    "name": f"Ada Lovelace {MARK}",
    "email": "ada@example.com",
    "phone": "+44 20 7946 0000",
    "attributes": {"company": "Analytical Engines", "seats": 12},
    "source_url": f"https://{DOMAIN}/pricing",
    "referrer": "https://www.google.com/",
    "utm": {"utm_source": "newsletter", "utm_medium": "email"},
    "page_trail": [f"https://{DOMAIN}/", f"https://{DOMAIN}/pricing"],
}
"""All that the documentation names."""


def rest_lead(key: str) -> bytes:
    """It comes from a page of the project's."""
    return a_lead(key, json.dumps(LEAD))


def a_lead(key: str, body: str, domain: str = DOMAIN) -> bytes:
    """From a page of this *domain*."""
    headers = {"X-Api-Key": key, "Origin": f"https://{domain}"}
    return _post("/api/public/lead", body.encode(), headers)


def post_lead(path: str, headers: dict[str, str]) -> bytes:
    """The same lead, for another service."""
    return _post(path, json.dumps(LEAD).encode(), headers)


def new_person(key: str) -> bytes:
    return _delivery(key, sender=f"49301234{next(_number)}")


def known_person(key: str) -> bytes:
    return _delivery(key, sender="919812345678")


CALLS: dict[str, Callable[[str], bytes]] = {
    "a REST lead": rest_lead,
    "a message of a new person": new_person,
    "a message of a known person": known_person,
}
"""Each of a key: another call of its kind whenever it is asked for one."""


def _delivery(key: str, sender: str) -> bytes:
    """One text message, signed."""
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550783881", "phone_number_id": "10654"},
        "contacts": [{"profile": {"name": "Asha"}, "wa_id": sender}],
        "messages": [
            {
                "from": sender,
                "id": f"wamid.{next(_number)}",
                "timestamp": "1795341600",
                "type": "text",
                "text": {"body": f"Is it still available? {MARK}"},
            }
        ],
    }
    entry = {"id": "1", "changes": [{"field": "messages", "value": value}]}
    body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
    signature = hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
    headers = {"X-Hub-Signature-256": f"sha256={signature}"}
    return _post(f"/api/whatsapp/webhook?api_key={key}", body, headers)


def _post(path: str, body: bytes, headers: dict[str, str]) -> bytes:
    rows = {
        "Host": "leads.example.com",
        "X-Forwarded-For": "203.0.113.7",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        **headers,
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in rows.items())
    return f"POST {path} HTTP/1.1\r\n{lines}\r\n".encode() + body
