"""What went wrong, as a page: with the status of the envelope, and what a person can do now."""

from jinja2 import Environment
from sanic import HTTPResponse

from entrypoints.console import words
from entrypoints.console.frame import answers
from entrypoints.console.frame.addresses import is_console
from entrypoints.http.request import Request
from entrypoints.http.statuses import Failure

_FOR_BROWSERS = ("Allow", "Retry-After")


class ErrorPages:
    """Answers failures of the console; asks nothing that may fail as well, such as the store."""

    def __init__(self, templates: Environment) -> None:
        self._templates = templates

    def __call__(self, request: Request, failure: Failure) -> HTTPResponse | None:
        """The page for *failure*; None where *request* was for no path of the console."""
        if not is_console(request.path):
            return None
        request.ctx.code = failure.code
        visit = getattr(request.ctx, "visit", None)
        text = self._templates.get_template("error.html").render(
            **(visit.bar if visit is not None else {"user": None}),
            heading=words.HEADINGS.get(failure.status, words.DEFECT),
            sentence=words.SENTENCES.get(failure.code, failure.message),
            status=failure.status,
            request_id=str(request.id),
        )
        headers = {name: failure.headers[name] for name in _FOR_BROWSERS if name in failure.headers}
        return answers.html(text, failure.status, headers)
