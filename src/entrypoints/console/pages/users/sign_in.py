"""Sign in with a password, and out again."""

from urllib.parse import urlencode

from sanic import HTTPResponse

from application.users.sessions import Sessions
from application.users.sign_in import SignIn
from domain.refusals import Refusal
from domain.users.refusals import HashingBusy, TooManyTries, WrongPassword
from entrypoints.console import words
from entrypoints.console.frame.addresses import own_path
from entrypoints.console.frame.cookies import Cookie
from entrypoints.console.frame.visit import Visit
from entrypoints.http.client_address import ClientAddress
from entrypoints.http.request import Request

_FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip")


class SignInPage:
    """The way in, and the two ways out."""

    def __init__(self, sign_in: SignIn, sessions: Sessions) -> None:
        self._sign_in = sign_in
        self._sessions = sessions

    async def show(self, visit: Visit) -> HTTPResponse:
        """The form; who is signed in already goes on."""
        if visit.visitor is not None:
            return visit.redirect(_back(visit))
        return _form(visit)

    async def enter(self, visit: Visit) -> HTTPResponse:
        """Sign in, and go to the page that was asked for first."""
        form = visit.form
        try:
            signed_in = await self._sign_in(
                form.text("email"),
                form.text("password"),
                device_token=visit.frame.cookies.read(visit.request, Cookie.DEVICE),
                address=own_address(visit.request, visit.frame.client_address),
            )
        except (WrongPassword, TooManyTries, HashingBusy) as refused:
            return _form(visit, refused)
        return visit.signed_in_now(signed_in, visit.redirect(_back(visit)))

    async def leave(self, visit: Visit) -> HTTPResponse:
        """Sign out here."""
        await self._sessions.sign_out(visit.signed_in)
        return visit.signed_out_now("signed-out")

    async def leave_everywhere(self, visit: Visit) -> HTTPResponse:
        """Sign out here and in every other browser."""
        await self._sessions.sign_out_everywhere(visit.signed_in)
        return visit.signed_out_now("signed-out-everywhere")


def _form(visit: Visit, refused: Refusal | None = None) -> HTTPResponse:
    back = _back(visit)
    query = f"?{urlencode({'next': back})}" if back else ""
    form = visit.form
    if refused is not None:
        form = form.with_errors(password=words.refused(refused))
    return visit.page("sign_in.html", form=form, refused=refused, query=query)


def _back(visit: Visit) -> str:
    return own_path(visit.query("next"))


def own_address(request: Request, client_address: ClientAddress) -> str | None:
    """The browser's, if the connection is its own: through a proxy many people come."""
    if any(name in request.headers for name in _FORWARDED):
        return None
    return client_address.alone(request.ip or "")
