"""How far a sample came, and what is said of it."""

import json
from collections.abc import Sequence
from typing import Any

from application.channels.diagnosis import Step, diagnose
from domain.passage import Answer, Hop, Passage

URL = "https://leads.example.com/api/whatsapp/webhook?api_key=swk_secret"
REQUEST_ID = "req_0192f0c1a2b37c4d8e5f60718293a4b5"
REACHED = {Hop.NAME: ["8.8.8.8"], Hop.CONNECTION: ["8.8.8.8:443"], Hop.CERTIFICATE: ["TLSv1.3"]}
RECEIPT = {"received": 1, "new_leads": 1, "duplicates": 0, "ignored": 0}


def after(
    status: int, body: object = b"", seconds: float = 0.1, url: str = URL, **headers: str
) -> Sequence[Step]:
    """The diagnosis once this was answered; underscores in the names of headers are hyphens."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return diagnose(url, Passage(REACHED, Answer(status, named, data, seconds)))


def refused(status: int, code: str, **fields: Any) -> Sequence[Step]:
    """The diagnosis once this program refused it."""
    body = {"code": code, "message": "No.", "request_id": REQUEST_ID, **fields}
    return after(status, body, x_request_id=REQUEST_ID)


def last(steps: Sequence[Step]) -> tuple[str, bool]:
    """The hop that was reached last, and whether it was passed; all before it were."""
    assert all(step.ok for step in steps[:-1])
    return steps[-1].hop, steps[-1].ok
