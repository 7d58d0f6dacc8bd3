"""What a call to the lead path says: `POST /api/public/lead`."""

import re
from functools import partial

from sanic import Blueprint, HTTPResponse, empty
from sanic.compat import Header

from application.receive.receive_lead import Caller, LeadCall, ReceiveLead
from domain.delivery import SMALL_BODY_BYTES
from domain.idempotency import SENDERS_HEADERS
from domain.json_value import JsonObject
from domain.refusals import UnsupportedMediaType
from entrypoints.http.body.json_object import parse_object
from entrypoints.http.body.kind import BodyKind, kind_of
from entrypoints.http.client_address import ClientAddress
from entrypoints.http.connection.protocol import Handle
from entrypoints.http.credentials import key_of
from entrypoints.http.leads.answered import send_created
from entrypoints.http.leads.cors import preflight_headers
from entrypoints.http.leads.lead_path import LEAD_PATH, OwnAddress
from entrypoints.http.request import Request

AMBIGUOUS = "\0"
"""Stands for a header with several values: what nobody may send, so that it is judged as wrong."""
LENIENT, STRICT = "lenient", "strict"
_PREFERENCE = re.compile(r'(?:[^,"]|"[^"]*")+')
_HANDLING = re.compile(rf"""\s*handling\s*=\s*"?({LENIENT}|{STRICT})"?\s*(?:;|$)""", re.IGNORECASE)


def lead_handler(
    receive_lead: ReceiveLead, client_address: ClientAddress, own_address: OwnAddress
) -> Handle:
    """What answers a lead; the specification of the API gives the order of its checks."""

    async def capture(request: Request) -> None:
        request.refuse_larger_than(SMALL_BODY_BYTES)
        client = client_address.of(request)
        request.count_unread(client)
        request_id, headers = request.id, request.headers
        origin, referer = _header(headers, "origin"), _header(headers, "referer")
        is_ours = referer is not None and own_address.is_referer(referer, headers.get("host", ""))
        caller = Caller(request_id, client, origin, referer, is_ours)
        admitted = await receive_lead.admit(key_of(request), caller)
        project_id = request.ctx.project_id = admitted.project.project_id
        body = await request.whole_body(SMALL_BODY_BYTES, project_id)
        handling = _preferred_handling(headers)
        receipt = await receive_lead(
            admitted,
            LeadCall(
                caller=caller,
                body=body,
                parse=partial(_parse, headers),
                lenient=(handling == LENIENT) if handling else admitted.project.lenient,
                idempotency_key=_header(headers, "idempotency-key") or "",
                sender_headers={name: headers[name] for name in SENDERS_HEADERS if name in headers},
            ),
        )
        request.ctx.lead_id = receipt.lead_id
        await send_created(request, receipt, handling)

    return capture


def leads_blueprint(capture: Handle) -> Blueprint:
    """The routes of the lead path."""
    blueprint = Blueprint("leads")
    blueprint.add_route(capture, LEAD_PATH, methods=["POST"])

    @blueprint.options(LEAD_PATH)
    async def preflight(request: Request) -> HTTPResponse:
        return empty(204, preflight_headers(request))

    return blueprint


def _parse(headers: Header, body: bytes) -> JsonObject:
    if kind_of(headers, body) is not BodyKind.JSON:
        raise UnsupportedMediaType  # forms are not read yet
    return parse_object(body)


def _preferred_handling(headers: Header) -> str | None:
    """How the caller wants what does not fit to be handled (RFC 7240); the first one counts."""
    for header in headers.getall("prefer", ()):
        for preference in _PREFERENCE.findall(header):
            if found := _HANDLING.match(preference):
                return found[1].lower()
    return None


def _header(headers: Header, name: str) -> str | None:
    """The header without blanks around it; None when it was not sent."""
    values: list[str] | None = headers.getall(name, None)
    if values is None:
        return None
    if len(values) > 1 and len({value.strip(" \t") for value in values}) > 1:
        return AMBIGUOUS
    return values[0].strip(" \t")
