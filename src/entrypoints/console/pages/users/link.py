"""A link that lets somebody in once: to look at it changes nothing, its button uses it."""

from sanic import HTTPResponse

from application.users.open_link import OpenLink
from domain.project import QUICKSTART
from domain.users.refusals import WeakPassword
from domain.users.user import User
from entrypoints.console import words
from entrypoints.console.frame.forms import Form
from entrypoints.console.frame.visit import Visit


class LinkPage:
    """Choose a password and be in; or only be in, by the link that a first start prints."""

    def __init__(self, open_link: OpenLink) -> None:
        self._open_link = open_link

    async def show(self, visit: Visit) -> HTTPResponse:
        """What the link is for."""
        return await self._page(visit, visit.query("token"), visit.form)

    async def use(self, visit: Visit) -> HTTPResponse:
        """Sign in by it."""
        token = visit.form.text("token")
        try:
            signed_in = await self._open_link.use(token, visit.form.text("password"))
        except WeakPassword as refused:
            form = visit.form.with_errors(password=words.refused(refused))
            return await self._page(visit, token, form)
        return visit.signed_in_now(
            signed_in, visit.redirect(await _first_page(visit, signed_in.user))
        )

    async def _page(self, visit: Visit, token: str, form: Form) -> HTTPResponse:
        link = await self._open_link.look(token)
        return visit.page(
            "link.html",
            form=form,
            token=token,
            email=link.user.email,
            sets_password=link.sets_password,
        )


async def _first_page(visit: Visit, user: User) -> str:
    """The projects; whoever tries the program out makes a first lead in the project for that."""
    if user.password is None:
        for project in await visit.frame.projects_of(user):
            if project.name == QUICKSTART:
                return f"/projects/{project.project_id}/first-steps"
    return ""
