"""One call of a page: who made it, what it brought, and how it is answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment
from sanic import HTTPResponse

from application.ports.clock import Clock
from application.ports.project_register import ProjectRegister
from application.projects.overview import OverviewProjects, ProjectOverview
from application.users.begin_session import SignedIn
from application.users.sessions import Sessions, Visitor
from domain.project import Project
from domain.refusals import Refusal
from domain.users.tokens import form_token, is_token, new_token, seed_of
from domain.users.user import User
from entrypoints.console import words
from entrypoints.console.frame import answers
from entrypoints.console.frame.addresses import Addresses
from entrypoints.console.frame.cookies import Cookie, Cookies
from entrypoints.console.frame.forms import ONCE, Form
from entrypoints.console.notices import Notice, Notices
from entrypoints.http.client_address import ClientAddress
from entrypoints.http.leads.lead_path import LEAD_PATH
from entrypoints.http.request import Request
from entrypoints.http.statuses import failure_of

ROOMS = (
    ("Overview", ""),
    ("Leads", "/leads"),
    ("Held", "/held"),
    ("Examples", "/examples"),
    ("Settings", "/settings"),
)
"""The pages of a project, in the order of its list: what each is called, and its path below it."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page needs."""

    addresses: Addresses
    cookies: Cookies
    templates: Environment
    sessions: Sessions
    projects: ProjectRegister
    overview: OverviewProjects
    notices: Notices
    client_address: ClientAddress
    clock: Clock

    async def projects_of(self, user: User) -> Sequence[Project]:
        """Those that the user may see, by name."""
        seen = [one for one in await self.projects.all() if user.may_see(one.project_id)]
        return sorted(seen, key=lambda one: one.name.casefold())


@dataclass(kw_only=True)
class Visit:
    """
    One call of a page.

    Attributes:
        token: Of the visitor's session; None if nobody is signed in.
        projects: Those that the visitor may see; only known on the pages of a project.
        notice: What every page says that is opened; not the answer to a form.
        form: What a POST brought; on a page that was only opened it is empty.
    """

    frame: Frame
    request: Request
    visitor: Visitor | None = None
    token: str | None = None
    projects: Sequence[Project] = ()
    project_or_none: Project | None = None
    overview_or_none: ProjectOverview | None = None
    notice: Notice | None = None
    form: Form = field(default_factory=Form)

    @property
    def signed_in(self) -> Visitor:
        """Who is signed in; a page asks for it only if its rule lets nobody else in."""
        assert self.visitor is not None
        return self.visitor

    @property
    def project(self) -> Project:
        """The project of the page; only for pages whose rule is about one."""
        assert self.project_or_none is not None
        return self.project_or_none

    @property
    def overview(self) -> ProjectOverview:
        """How the project of the page is doing; only for pages whose rule is about one."""
        assert self.overview_or_none is not None
        return self.overview_or_none

    @property
    def held(self) -> Mapping[str, int]:
        """How many calls the project of the page holds, by code; only for such pages, too."""
        return self.overview.usage.held_by_code

    @cached_property
    def form_cookie(self) -> str:
        """The token of somebody who is not signed in: of the cookie, or a new one."""
        kept = self.frame.cookies.read(self.request, Cookie.FORM)
        return kept if kept is not None and is_token(kept) else new_token()

    @property
    def service_url(self) -> str:
        """The address at which programs of whoever reads this page call us."""
        return self.frame.addresses.service(self.request.headers.get("host", ""))

    @property
    def lead_url(self) -> str:
        """Where they post leads."""
        return f"{self.service_url}{LEAD_PATH}"

    @property
    def bar(self) -> dict[str, Any]:
        """What the bar of a page needs, also where the page itself could not be made."""
        return {
            "user": self.visitor.user if self.visitor is not None else None,
            "form_token": form_token(self.token or self.form_cookie),
            "done": None,
            "notice": None,
        }

    def query(self, name: str) -> str:
        """A parameter of the address; empty if it has none."""
        return str(self.request.args.get(name, ""))

    def seed(self, *said: str) -> bytes | None:
        """
        What to make a secret of that the form asks for by what it *said*.

        Sent twice, it makes one secret and shows it twice: of a double click, the browser shows
        the second answer alone. None if the form does not say `ONCE`.
        """
        once = self.form.text(ONCE)
        return seed_of(self.token, once, *said) if self.token and once else None

    def page(
        self,
        template: str,
        *,
        form: Form | None = None,
        refused: Refusal | None = None,
        status: int | None = None,
        **names: Any,
    ) -> HTTPResponse:
        """
        A page.

        Args:
            template: Filled with *names*, and with what every template knows.
            names: What this one knows beside that.
            form: What was typed, if not that of the visit; with errors in it the status is 422.
            refused: Why the form was not taken; then the status is that of the refusal.
            status: Another one.
        """
        form = form or self.form
        done = self.frame.cookies.read(self.request, Cookie.DONE)
        headers = {}
        if refused is not None:
            failure = failure_of(refused)
            self.request.ctx.code, status = failure.code, failure.status
            headers = {n: v for n, v in failure.headers.items() if n == "Retry-After"}
        known = self.bar | {
            "project": self.project_or_none,
            "projects": self.projects,
            "rooms": ROOMS,
            "waiting_in_all": self.overview_or_none.usage.held if self.overview_or_none else 0,
            "form": form,
            "done": words.done(done or ""),
            "notice": self.notice,
            "now": self.frame.clock.now(),
        }
        text = self.frame.templates.get_template(template).render(known | names)
        response = answers.html(text, status or (422 if form.errors else 200), headers)
        if self.visitor is None:
            self.frame.cookies.set(response, Cookie.FORM, self.form_cookie)
        if done is not None:
            self.frame.cookies.remove(response, Cookie.DONE)
        return response

    def redirect(self, path: str = "", **query: str) -> HTTPResponse:
        """To a page of ours, whose *path* begins below the console."""
        said = f"?{urlencode(query)}" if query else ""
        return answers.redirect(self.frame.addresses.url(path) + said)

    def done(self, path: str, word: str, **query: str) -> HTTPResponse:
        """To a page of ours, which says once what was done: by `words.done`."""
        response = self.redirect(path, **query)
        self.frame.cookies.set(response, Cookie.DONE, word)
        return response

    def signed_out_now(self, word: str) -> HTTPResponse:
        """To the sign-in, which says what was done; the browser forgets its session."""
        response = self.done("/sign-in", word)
        self.frame.cookies.remove(response, Cookie.SESSION)
        return response

    def signed_in_now(self, signed_in: SignedIn, response: HTTPResponse) -> HTTPResponse:
        """*response*, which lets the browser keep the new session."""
        cookies = self.frame.cookies
        cookies.set(response, Cookie.SESSION, signed_in.session_token)
        if signed_in.device_token is not None:
            cookies.set(response, Cookie.DEVICE, signed_in.device_token)
        return response


async def begin_visit(frame: Frame, request: Request, *, is_use: bool) -> Visit:
    """
    The visit of whoever *request* is from; somebody who is signed in stays so by it if *is_use*.

    Raises:
        StorageUnavailable: Nobody can say who it is.
    """
    token = frame.cookies.read(request, Cookie.SESSION)
    visitor = await frame.sessions.authenticate(token, is_use=is_use)
    if visitor is None:
        return Visit(frame=frame, request=request)
    request.ctx.user_id = visitor.user.user_id
    visit = Visit(frame=frame, request=request, visitor=visitor, token=token)
    request.ctx.visit = visit  # for the bar of an error page
    return visit
