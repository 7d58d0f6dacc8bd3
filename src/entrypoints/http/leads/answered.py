"""
The answers to a lead, kept or refused, as bytes from the start.

Sanic makes an object of each answer, another one of its headers, and bytes of these: that is one
of the dearest parts of a lead, and of a refusal. What fails otherwise gets an answer of Sanic's.
"""

from collections.abc import Mapping
from http import HTTPStatus

import orjson

from application.capture.capture_lead import Receipt
from domain.refusals import Refusal, field_errors
from entrypoints.http.answers import HEADERS, JSON, members_of, noted_failure
from entrypoints.http.connection.answer_bytes import CONNECTION, STATUS_LINES
from entrypoints.http.connection.http1 import Http1
from entrypoints.http.leads.cors import ALLOW_ORIGIN, READABLE, VARY, page_origin
from entrypoints.http.request import Request


def _fields(headers: Mapping[str, str]) -> str:
    return "".join([f"{name}: {value}\r\n" for name, value in headers.items()])


_FOR_ALL = _fields({**HEADERS, "Content-Type": JSON, **VARY})
_FOR_PAGE = _FOR_ALL + _fields({**READABLE, ALLOW_ORIGIN: "%s"})


async def send_created(request: Request, receipt: Receipt, handling: str | None) -> None:
    """Answer that the lead is kept; *handling* is what its sender preferred, and got."""
    answer: dict[str, object] = {
        "code": "LEAD_CREATED",
        "message": "Lead captured.",
        "request_id": request.id,
        "lead_id": receipt.lead_id,
    }
    if receipt.warnings:
        answer["warnings"] = field_errors(receipt.warnings)
    fields = ""
    if receipt.replayed:
        fields = "Idempotency-Replayed: true\r\n"
    if handling is not None:
        fields += f"Preference-Applied: handling={handling}\r\n"
    request.finish(HTTPStatus.CREATED)
    await _send(request, HTTPStatus.CREATED, answer, fields)


async def send_refused(request: Request, refusal: Refusal) -> None:
    """Answer *refusal*; whoever has not sent all of the body waits in the line for the answer."""
    failure = noted_failure(request, refusal)
    answer = members_of(request, failure)
    request.finish(failure.status)
    assert isinstance(request.stream, Http1)
    await request.stream.give_up_body()
    await _send(request, failure.status, answer, _fields(failure.headers))


async def _send(
    request: Request, status: int, answer: Mapping[str, object], own_fields: str
) -> None:
    stream = request.stream
    assert isinstance(stream, Http1)
    body = orjson.dumps(answer)
    origin = page_origin(request)
    fields = _FOR_ALL if origin is None else _FOR_PAGE % origin
    connection = CONNECTION[stream.decide_keep_alive()]
    head = (
        f"{STATUS_LINES[status]}{fields}{own_fields}X-Request-Id: {request.id}\r\n"
        f"Content-Length: {len(body)}\r\n{connection}\r\n\r\n"
    )
    await stream.send_answer(head.encode("ascii") + body)
