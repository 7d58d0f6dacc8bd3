"""Who may open a page. A page has a rule, or it is none."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum, auto

from sanic import HTTPResponse

from domain.errors import NotFound
from domain.users.refusals import NotThere
from entrypoints.console.frame.addresses import CONSOLE
from entrypoints.console.frame.cookies import Cookie
from entrypoints.console.frame.downloads import Download
from entrypoints.console.frame.forms import read_form
from entrypoints.console.frame.visit import Frame, Visit, begin_visit
from entrypoints.http.request import Request

POST = "POST"
GET = "GET"
HEAD = "HEAD"

Answer = HTTPResponse | Download
Page = Callable[..., Awaitable[Answer]]
"""Answers a visit; what its path names it is given by name, but for the project."""


class Rule(Enum):
    """Who may open a page; what somebody may not see is not there."""

    NOBODY = auto()
    """Nobody needs to be signed in."""
    ANYBODY_SIGNED_IN = auto()
    MEMBER_OF_PROJECT = auto()
    """Whoever may see the project that the path names."""
    ADMIN = auto()


@dataclass(frozen=True, slots=True)
class Route:
    """
    A page, where it is, and who may open it.

    Attributes:
        path: Begins below the console.
        by_itself: A script asks for it without anybody's doing, so the session is not used by it:
            it ends although a page stays open.
    """

    method: str
    path: str
    rule: Rule
    page: Page
    by_itself: bool = False


def to_page_above(path: str) -> Page:
    """What leads to the page at *path*, with what stands for its names in the address."""
    depth = path.count("/") + 1

    async def lead(visit: Visit, **_: str) -> HTTPResponse:
        asked = visit.request.path.removeprefix(CONSOLE)
        return visit.redirect("/".join(asked.split("/")[:depth]))

    return lead


class Guarded:
    """A page behind its rule: what a router calls."""

    def __init__(self, frame: Frame, route: Route) -> None:
        self.rule = route.rule
        self._frame = frame
        self._route = route

    async def __call__(self, request: Request, **names: str) -> HTTPResponse | None:
        """
        Judge who calls, then what is sent, and only then open the page; a file is sent at once.

        Raises:
            NotThere: There is no such project, or the page is not for this visitor.
            NotOurForm: The form came from elsewhere.
        """
        if self._route.method == POST:
            self._frame.addresses.refuse_foreign(request.headers)
        visit = await begin_visit(self._frame, request, is_use=not self._route.by_itself)
        if visit.visitor is None and self.rule is not Rule.NOBODY:
            return _sign_in_first(visit, self._route.method)
        if self.rule is Rule.ADMIN and not visit.signed_in.user.admin:
            raise NotThere
        if self.rule is Rule.MEMBER_OF_PROJECT:
            await self._enter_project(visit, names.pop("project_id"))
            if not self._route.by_itself:
                [visit.overview_or_none] = await self._frame.overview([visit.project])
        if self._route.method == POST:
            await self._read_form(visit)
        elif visit.visitor is not None and not self._route.by_itself:
            visit.notice = await self._frame.notices.worst(
                visit.overview_or_none, is_admin=visit.signed_in.user.admin
            )
        try:
            answer = await self._route.page(visit, **names)
        except NotFound:  # it is gone since the page was opened, or somebody made the address up
            raise NotThere from None
        if isinstance(answer, Download):
            await answer.send(request)
            return None
        return answer

    async def _enter_project(self, visit: Visit, project_id: str) -> None:
        visit.projects = await self._frame.projects_of(visit.signed_in.user)
        for project in visit.projects:
            if project.project_id == project_id:
                visit.project_or_none = project
                visit.request.ctx.project_id = project_id
                return
        raise NotThere

    async def _read_form(self, visit: Visit) -> None:
        """Where nobody needs to be signed in, the form may be from before this browser was."""
        tokens = [visit.token]
        if self.rule is Rule.NOBODY:
            tokens.append(self._frame.cookies.read(visit.request, Cookie.FORM))
        client = self._frame.client_address.of(visit.request)
        user_id = visit.visitor.user.user_id if visit.visitor is not None else None
        visit.form = await read_form(visit.request, list(filter(None, tokens)), client, user_id)


def _sign_in_first(visit: Visit, method: str) -> HTTPResponse:
    """To the sign-in, and then back; a form that was sent is lost, so back to the projects."""
    asked = visit.request.path.removeprefix(CONSOLE) if method == GET else ""
    if visit.request.query_string and asked:
        asked += f"?{visit.request.query_string}"
    return visit.redirect("/sign-in", **({"next": asked} if asked else {}))
