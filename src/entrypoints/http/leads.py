"""`POST /api/public/lead`."""

from collections.abc import Mapping

from sanic import Blueprint, HTTPResponse, empty
from sanic.exceptions import SanicException

from application.capture.admit_call import AdmitCall
from application.capture.capture_lead import CaptureLead, Submission
from domain.delivery import SMALL_BODY_BYTES
from entrypoints.http.answers import json_answer
from entrypoints.http.body.json_object import parse_object
from entrypoints.http.body.kind import BodyKind, kind_of
from entrypoints.http.client_address import ClientAddress
from entrypoints.http.cors import preflight_headers
from entrypoints.http.credentials import key_of
from entrypoints.http.lead_path import LEAD_PATH, OwnAddress
from entrypoints.http.request import Request

AMBIGUOUS = "\0"
"""Stands for a header with several values: what nobody may send, so that it is judged as wrong."""


def leads_blueprint(
    admit_call: AdmitCall,
    capture_lead: CaptureLead,
    client_address: ClientAddress,
    own_address: OwnAddress,
) -> Blueprint:
    """The lead path; the specification of the API gives the order of its checks."""
    blueprint = Blueprint("leads")

    @blueprint.post(LEAD_PATH)
    async def capture(request: Request) -> HTTPResponse:
        request.refuse_larger_than(SMALL_BODY_BYTES)
        client = client_address.of(request)
        request.count_unread(client)
        admitted = await admit_call(key_of(request), client)
        project_id = request.ctx.project_id = admitted.project.project_id
        body = await request.whole_body(SMALL_BODY_BYTES, project_id)
        origin, referer = _header(request, "origin"), _header(request, "referer")
        admitted.refuse_other_pages(
            origin=origin,
            referer=referer,
            referer_is_ours=referer is not None
            and not origin
            and own_address.is_referer(referer, request.headers.get("host", "")),
        )
        if kind_of(request.headers, body) is not BodyKind.JSON:
            raise SanicException(status_code=415)  # forms are not read yet
        request_id = str(request.id)
        receipt = await capture_lead(
            Submission(
                project_id=project_id,
                request_id=request_id,
                body=parse_object(body),
                idempotency_key=_header(request, "idempotency-key"),
            )
        )
        request.ctx.lead_id = receipt.lead_id
        headers: Mapping[str, str] = {"Idempotency-Replayed": "true"} if receipt.replayed else {}
        answer = {
            "code": "LEAD_CREATED",
            "message": "Lead captured.",
            "request_id": request_id,
            "lead_id": receipt.lead_id,
        }
        return json_answer(answer, 201, headers)

    @blueprint.options(LEAD_PATH)
    async def preflight(request: Request) -> HTTPResponse:
        return empty(204, preflight_headers(request))

    return blueprint


def _header(request: Request, name: str) -> str | None:
    """The header without blanks around it; None when it was not sent."""
    values = {value.strip(" \t") for value in request.headers.getall(name, ())}
    if len(values) > 1:
        return AMBIGUOUS
    return values.pop() if values else None
