"""Calls to the lead path, as the use case receives them."""

import json
from itertools import count
from typing import Any

from application.capture.capture_lead import Receipt
from application.receive.receive_lead import Caller, LeadCall, ReceiveLead
from domain.json_value import JsonObject
from domain.refusals import InvalidJson
from entrypoints.container import Container

ADA: JsonObject = {"name": "Ada", "email": "ada@example.com"}
PAGE = "https://example.com"
OUR_ADDRESS = "https://leads.example.net/api/public/lead"
_numbers = count(1)


def parse(body: bytes) -> JsonObject:
    """An object of JSON, and of whatever else Python takes for it."""
    try:
        return dict(json.loads(body))
    except ValueError:
        raise InvalidJson from None


def fail(_body: bytes) -> JsonObject:
    """As no parser should."""
    raise RecursionError


class Calls:
    """Sends calls with the key of one project, as a page or a server would."""

    def __init__(self, container: Container, key: str) -> None:
        self.receive: ReceiveLead = container.receive_lead()
        self.key = key

    async def __call__(
        self,
        body: JsonObject | bytes = ADA,
        *,
        key: str = "",
        client: str | None = None,
        **more: Any,
    ) -> Receipt:
        origin, referer = more.pop("origin", PAGE), more.pop("referer", None)
        request_id = f"req_{next(_numbers):06}"
        caller = Caller(request_id, client, origin, referer, referer == OUR_ADDRESS)
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        admitted = await self.receive.admit(key or self.key, caller)
        read = more.pop("parse", parse)
        return await self.receive(admitted, LeadCall(caller=caller, body=sent, parse=read, **more))
