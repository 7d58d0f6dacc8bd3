"""
The cookies of the console.

`session` is who is signed in. `form` is for who is not: the forms that such a visitor gets carry a
token that belongs to it. `device` says that somebody has signed in here before, and signs nobody
in. `done` says what a form has done, until the next page has said it: an address could not, for
anybody makes links. None is for scripts, for another site's pages, or for paths beside the console.
"""

from datetime import timedelta
from enum import StrEnum

from sanic import HTTPResponse

from domain.users.session import LONGEST_DAYS
from entrypoints.http.request import Request

SECURE_PREFIX = "__Secure-"
"""Browsers keep a cookie of this name only if TLS has brought it."""


class Cookie(StrEnum):
    """Their names, without the prefix."""

    SESSION = "swiftcrm_session"
    DEVICE = "swiftcrm_device"
    FORM = "swiftcrm_form"
    DONE = "swiftcrm_done"


_LASTS = {
    Cookie.SESSION: timedelta(days=LONGEST_DAYS),
    Cookie.DEVICE: timedelta(days=365),
    Cookie.FORM: timedelta(days=1),
    Cookie.DONE: timedelta(minutes=1),
}


class Cookies:
    """Reads and sets them, for a console below *path*."""

    def __init__(self, path: str, *, is_https: bool) -> None:
        self._path = path
        self._is_https = is_https

    def read(self, request: Request, cookie: Cookie) -> str | None:
        """What the browser sent; None if it has none."""
        return request.cookies.get(self._name(cookie)) or None

    def set(self, response: HTTPResponse, cookie: Cookie, value: str) -> None:
        """Let the browser keep *value*."""
        self._add(response, cookie, value, int(_LASTS[cookie].total_seconds()))

    def remove(self, response: HTTPResponse, cookie: Cookie) -> None:
        """Let the browser forget it."""
        self._add(response, cookie, "", 0)

    def _add(self, response: HTTPResponse, cookie: Cookie, value: str, seconds: int) -> None:
        response.add_cookie(
            self._name(cookie),
            value,
            path=self._path,
            max_age=seconds,
            httponly=True,
            samesite="Lax",
            secure=self._is_https,
        )

    def _name(self, cookie: Cookie) -> str:
        return f"{SECURE_PREFIX if self._is_https else ''}{cookie}"
