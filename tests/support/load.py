"""Many requests at once, each on a connection of its own."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

from tests.support.servers.log_search import remember_request
from tests.support.stores import Account
from tests.support.wire import Answer

TIMEOUT_SECONDS = 30
LEAD = "/api/public/lead"


async def post_lead(
    port: int, account: Account, body: Any, headers: Mapping[str, str] | None = None
) -> Answer | None:
    """Post one lead; None if the server went away before a whole answer."""
    return await post_bytes(port, lead_bytes(account, body, headers))


async def post_bytes(port: int, request: bytes) -> Answer | None:
    """Send a request that closes its connection; None if no whole answer came."""
    remember_request(request)
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(request)
                data = await reader.read()
            finally:
                writer.close()
    except OSError:
        return None
    return parse(data)


def lead_bytes(account: Account, body: Any, headers: Mapping[str, str] | None = None) -> bytes:
    """The request on the wire; the connection ends with its answer."""
    data = json.dumps(body).encode()
    more = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
    head = (
        f"POST {LEAD} HTTP/1.1\r\nHost: test\r\nConnection: close\r\nX-Api-Key: {account.key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n{more}\r\n"
    )
    return head.encode() + data


def parse(data: bytes) -> Answer | None:
    head, separator, body = data.partition(b"\r\n\r\n")
    if not separator:
        return None
    status_line, *lines = head.decode("latin-1").split("\r\n")
    rows = (line.partition(":") for line in lines)
    headers = {name.lower(): value.strip() for name, _, value in rows}
    if len(body) < int(headers.get("content-length", "0")):
        return None
    return Answer(int(status_line.split(" ")[1]), headers, body)


async def post_together(
    ports: Sequence[int], account: Account, bodies: Sequence[Any], **headers: str
) -> list[Answer | None]:
    """All at the same time, spread over *ports*."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await asyncio.gather(
        *(
            post_lead(ports[number % len(ports)], account, body, named)
            for number, body in enumerate(bodies)
        )
    )
