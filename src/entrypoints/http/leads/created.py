"""
The answer to a lead that is kept, as bytes from the start.

Sanic makes an object of each answer, another one of its headers, and bytes of these: that is one
of the dearest parts of a lead. Whatever is refused or fails gets an answer of Sanic's.
"""

from collections.abc import Mapping

import orjson

from application.capture.capture_lead import Receipt
from domain.refusals import field_errors
from entrypoints.http.answers import HEADERS, JSON
from entrypoints.http.connection.http1 import Http1
from entrypoints.http.leads.cors import ALLOW_ORIGIN, READABLE, VARY, page_origin
from entrypoints.http.request import Request


def _fields(headers: Mapping[str, str]) -> str:
    return "".join([f"{name}: {value}\r\n" for name, value in headers.items()])


_FOR_ALL = _fields({**HEADERS, "Content-Type": JSON, **VARY})
_FOR_PAGE = _FOR_ALL + _fields({**READABLE, ALLOW_ORIGIN: "%s"})
_CONNECTION = ("close", "keep-alive")


async def send_created(request: Request, receipt: Receipt, handling: str | None) -> None:
    """Answer that the lead is kept; *handling* is what its sender preferred, and got."""
    stream = request.stream
    assert isinstance(stream, Http1)
    answer: dict[str, object] = {
        "code": "LEAD_CREATED",
        "message": "Lead captured.",
        "request_id": request.id,
        "lead_id": receipt.lead_id,
    }
    if receipt.warnings:
        answer["warnings"] = field_errors(receipt.warnings)
    body = orjson.dumps(answer)
    origin = page_origin(request)
    fields = _FOR_ALL if origin is None else _FOR_PAGE % origin
    if receipt.replayed:
        fields += "Idempotency-Replayed: true\r\n"
    if handling is not None:
        fields += f"Preference-Applied: handling={handling}\r\n"
    request.finish(201)
    connection = _CONNECTION[stream.decide_keep_alive()]
    head = (
        f"HTTP/1.1 201 Created\r\n{fields}X-Request-Id: {request.id}\r\n"
        f"Content-Length: {len(body)}\r\nConnection: {connection}\r\n\r\n"
    )
    await stream.send_answer(head.encode("ascii") + body)
