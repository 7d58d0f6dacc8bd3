"""Around every request: its id in every log line, the headers of its answer, one line about it."""

import re
import time
from collections.abc import Mapping
from http import HTTPStatus

import structlog
from sanic.response import BaseHTTPResponse

from application.process.check_readiness import ProcessState
from domain.api_key import text_without_keys
from entrypoints.http.answers import HEADERS
from entrypoints.http.connection.protocol import Http1
from entrypoints.http.cors import add_cors_headers
from entrypoints.http.lead_path import LEAD_PATH
from entrypoints.http.log.asked_path import OurPaths
from entrypoints.http.request import App, Request

_PLAIN_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_NOTED = (
    *("code", "cause", "advice", "project_id", "lead_id"),
    *("user_id", "key_id", "key_hint", "origin", "fields"),
    *("received", "new_leads", "duplicates", "held", "ignored"),
)

ENDED = "The process ended before this call was answered."

log = structlog.get_logger("swiftcrm.http")


def add_middleware(app: App, state: ProcessState) -> None:
    """
    For an app that has all its routes.

    Must survive a request that Sanic could not read: method NONE, path *, no route.
    """
    our_paths = OurPaths(f"/{route.path}" for route in app.router.routes)

    async def begin(request: Request) -> None:
        request.ctx.began_at = time.monotonic()
        # A connection is one task: what the request before bound would be here still.
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=str(request.id))

    async def end(request: Request, response: BaseHTTPResponse) -> None:
        if "referrer-policy" not in response.headers:  # a page of the console brings its own
            response.headers.update(HEADERS)
        response.headers["x-request-id"] = str(request.id)
        if request.path == LEAD_PATH:
            add_cors_headers(request, response)
        if not state.serving and isinstance(request.stream, Http1):
            request.stream.keep_alive = False  # ending: the next request goes to another process
        _log_answer(request, response, our_paths)

    app.register_middleware(begin, "request", priority=100)
    app.register_middleware(end, "response")


def _log_answer(request: Request, response: BaseHTTPResponse, our_paths: OurPaths) -> None:
    ctx = vars(request.ctx)
    noted = {name: ctx[name] for name in _NOTED if name in ctx}
    theirs = request.headers.get("x-request-id", "")
    if _PLAIN_ID.fullmatch(theirs):
        noted["client_request_id"] = text_without_keys(theirs)
    if "began_at" in ctx:
        noted["duration_ms"] = round((time.monotonic() - ctx["began_at"]) * 1000, 2)
    route = request.route
    line = {
        "request_id": str(request.id),
        "method": request.method,
        **({"path": f"/{route.path}"} if route else our_paths.logged_members(request.path)),
    }
    if "is_unanswered" in ctx:
        _log_unanswered(request, {**line, **noted})
        return
    is_bad = response.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    (log.error if is_bad else log.info)(
        "http.answered", **{**line, "status": response.status, **noted}
    )


def _log_unanswered(request: Request, line: Mapping[str, object]) -> None:
    """A call whose connection ended before the answer: nobody got a status or a code."""
    if isinstance(request.stream, Http1) and request.stream.protocol.dropped:
        log.warning("http.dropped", **{**line, "cause": ENDED})
    else:
        log.info("http.client_gone", **line)
