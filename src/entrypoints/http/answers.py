"""What leaves the service: JSON bodies, the error envelope, and the headers of every answer."""

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus

import orjson
import structlog
from sanic import HTTPResponse, empty
from sanic.exceptions import RequestCancelled

from domain.allowlist import judged_page
from domain.errors import PortError
from domain.refusals import InvalidApiKey, Refusal
from entrypoints.http.leads.lead_path import LEAD_PATH
from entrypoints.http.request import Request
from entrypoints.http.statuses import LEADS_ARE_POSTED, Failure, failure_of

JSON = "application/json"
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

log = structlog.get_logger("swiftcrm.http")


def json_answer(
    body: Mapping[str, object], status: int = 200, headers: Mapping[str, str] | None = None
) -> HTTPResponse:
    """*body* as JSON."""
    return HTTPResponse(orjson.dumps(body), status, dict(headers or {}), JSON)


def envelope(request: Request, failure: Failure) -> HTTPResponse:
    """The answer that says *failure*."""
    return json_answer(members_of(request, failure), failure.status, failure.headers)


def members_of(request: Request, failure: Failure) -> dict[str, object]:
    """The error envelope: code, message and request_id first, further members after."""
    request.ctx.code = failure.code
    return {
        "code": failure.code,
        "message": failure.message,
        "request_id": request.id,
        **failure.members,
    }


def _page_of(request: Request) -> str:
    headers = request.headers
    return judged_page(origin=headers.get("origin"), referer=headers.get("referer"))


async def on_error(request: Request, error: BaseException) -> HTTPResponse:
    """Answer any error; must never raise, for Sanic would answer for itself in plain text."""
    try:
        if isinstance(error, RequestCancelled):  # the connection is gone: nobody reads an answer
            request.ctx.is_unanswered = True
            return empty(HTTPStatus.SERVICE_UNAVAILABLE)
        failure = noted_failure(request, error)
        page: HTTPResponse | None = await request.app.ctx.error_page(request, failure)
        return page or envelope(request, failure)
    except Exception as defect:
        log.exception("http.defect")
        return envelope(request, failure_of(defect))


def noted_failure(request: Request, error: BaseException) -> Failure:
    """What *error* is answered with, once the log knows all that it has to say of it."""
    if isinstance(error, Refusal):
        vars(request.ctx).update(error.logged_members())
    if isinstance(error, InvalidApiKey) and error.project_id is not None:
        request.ctx.origin = _page_of(request)  # which of the project's sites has an old key
    if isinstance(error, Refusal | PortError) and error.project_id is not None:
        request.ctx.project_id = error.project_id
    failure = failure_of(error)
    if failure.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("http.defect", exc_info=error, request_id=request.id)
    elif failure.status == HTTPStatus.SERVICE_UNAVAILABLE and str(error):
        request.ctx.cause = str(error)
        if isinstance(error, PortError):
            request.ctx.advice = error.advice
    elif failure.status == HTTPStatus.METHOD_NOT_ALLOWED and request.path == LEAD_PATH:
        failure = replace(failure, message=LEADS_ARE_POSTED)
    return failure
