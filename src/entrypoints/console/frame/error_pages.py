"""What went wrong, as a page: with the status of the envelope, and what a person can do now."""

from contextlib import suppress

from sanic import HTTPResponse

from domain.errors import StorageUnavailable
from entrypoints.console import words
from entrypoints.console.frame import answers
from entrypoints.console.frame.addresses import is_console
from entrypoints.console.frame.visit import Frame, Visit, begin_visit
from entrypoints.http.request import Request
from entrypoints.http.statuses import Failure

_FOR_BROWSERS = ("Allow", "Retry-After")


class ErrorPages:
    """Answers failures of the console, with the bar for whoever is known to be signed in."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    async def __call__(self, request: Request, failure: Failure) -> HTTPResponse | None:
        """The page for *failure*; None where *request* was for no path of the console."""
        if not is_console(request.path):
            return None
        request.ctx.code = failure.code
        visit = await self._visit(request)
        text = self._frame.templates.get_template("error.html").render(
            **(visit.bar if visit is not None else {"user": None}),
            heading=words.HEADINGS.get(failure.status, words.DEFECT),
            sentence=words.SENTENCES.get(failure.code, failure.message),
            status=failure.status,
            request_id=request.id,
        )
        headers = {name: failure.headers[name] for name in _FOR_BROWSERS if name in failure.headers}
        return answers.html(text, failure.status, headers)

    async def _visit(self, request: Request) -> Visit | None:
        """
        What the page found out of who asks, before it failed; None if it did not come so far.

        Where there is no page, nobody has asked yet. If the store does not say it either, the
        answer does without.
        """
        if request.route is None:
            with suppress(StorageUnavailable):
                await begin_visit(self._frame, request, is_use=True)
        visit: Visit | None = getattr(request.ctx, "visit", None)
        return visit
