"""Calls that a project holds, refused over the socket as anybody's are."""

import json
from typing import Any

from domain.held import HeldCall
from tests.support.program import Server
from tests.support.stores import Account, Store
from tests.support.wire import request

OURS, THEIRS = "shop.example", "spam.example"


def send(server: Server, account: Account, lead: Any, status: int, **headers: str) -> None:
    """Send *lead*, as JSON if it is none yet, and be answered *status*."""
    body = lead if isinstance(lead, bytes) else json.dumps(lead).encode()
    answer = request(
        server.port, "POST", "/api/public/lead", {"X-Api-Key": account.key, **headers}, body
    )
    assert answer.status == status, answer.body


def from_page(server: Server, account: Account, host: str, **lead: str) -> None:
    """A lead of a page that is not on the list."""
    send(server, account, lead, 403, Origin=f"https://{host}")


def held_of(store: Store, account: Account, code: str) -> list[HeldCall]:
    """What is held under *code*, oldest first."""
    return [call for call in store.held(account) if call.code == code]
