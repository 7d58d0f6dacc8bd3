"""What every answer has: some headers, and one line in the log."""

import re
import time
from http import HTTPStatus

from sanic.response import BaseHTTPResponse

from application.process.check_readiness import ProcessState
from domain.api_key import text_without_keys
from entrypoints.http.answers import HEADERS
from entrypoints.http.connection.http1 import Http1
from entrypoints.http.leads.cors import add_cors_headers
from entrypoints.http.leads.lead_path import LEAD_PATH
from entrypoints.http.log.asked_path import OurPaths
from entrypoints.http.request import App, Request
from entrypoints.process.logs import Say, teller

_PLAIN_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_NOTED = {
    *("code", "cause", "advice", "project_id", "lead_id"),
    *("user_id", "key_id", "key_hint", "origin", "fields"),
    *("received", "new_leads", "duplicates", "held", "ignored"),
}

ENDED = "The process ended before this call was answered."


class Finishing:
    """
    Finishes the answers of an app that has all its routes.

    Must survive a request that Sanic could not read: method NONE, path *, no route.
    """

    def __init__(self, app: App, state: ProcessState) -> None:
        self._state = state
        self._our_paths = OurPaths(f"/{route.path}" for route in app.router.routes)
        self._say = teller("swiftcrm.http")

    def add_headers(self, request: Request, response: BaseHTTPResponse) -> None:
        """Give *response* the headers of every answer."""
        headers = response.headers
        headers["x-request-id"] = request.id
        if "referrer-policy" not in headers:  # a page of the console brings its own
            headers.update(HEADERS)
        if request.path == LEAD_PATH:
            add_cors_headers(request, response)

    def finish(self, request: Request, status: int, *, is_logged: bool) -> None:
        """
        Write the line of a request that is answered with *status*, unless it *is_logged* already.

        The answer is the last one of its connection, if the process is ending.
        """
        if not self._state.serving and isinstance(request.stream, Http1):
            request.stream.keep_alive = False  # the next request goes to another process
        if not is_logged:
            self._log_line(request, status)

    def _log_line(self, request: Request, status: int) -> None:
        ctx = vars(request.ctx)
        line: dict[str, object] = {"request_id": request.id, "method": request.method}
        if request.is_lead:
            line["path"] = LEAD_PATH
        elif request.route:
            line["path"] = f"/{request.route.path}"
        else:
            line |= self._our_paths.logged_members(request.path)
        if "is_unanswered" not in ctx:
            line["status"] = status
        for name in ctx:
            if name in _NOTED:
                line[name] = ctx[name]
        theirs = request.headers.get("x-request-id")
        if theirs and _PLAIN_ID.fullmatch(theirs):
            line["client_request_id"] = text_without_keys(theirs)
        line["duration_ms"] = round((time.monotonic() - request.began_at) * 1000, 2)
        if "is_unanswered" in ctx:
            _log_unanswered(self._say, request, line)
        elif status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self._say("error", "http.answered", line)
        else:
            self._say("info", "http.answered", line)


def _log_unanswered(say: Say, request: Request, line: dict[str, object]) -> None:
    """A call whose connection ended before the answer: nobody got a status or a code."""
    if isinstance(request.stream, Http1) and request.stream.protocol.dropped:
        say("warning", "http.dropped", line | {"cause": ENDED})
    else:
        say("info", "http.client_gone", line)
