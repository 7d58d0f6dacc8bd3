"""What leaves the console: pages and redirects, and the headers of every answer."""

from collections.abc import Mapping
from http import HTTPStatus

from sanic import HTTPResponse, raw

_OURS_ALONE = "'self'"
POLICY = {
    "default-src": "'none'",
    "script-src": _OURS_ALONE,
    "style-src": _OURS_ALONE,
    "img-src": _OURS_ALONE,
    "connect-src": _OURS_ALONE,
    "form-action": _OURS_ALONE,
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in POLICY.items()),
    "X-Content-Type-Options": "nosniff",
    # Without an address of ours for other sites, and with one for us: a form says its origin.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def html(text: str, status: int = HTTPStatus.OK, headers: Mapping[str, str] = {}) -> HTTPResponse:
    """A page."""
    return raw(text.encode(), status, {**HEADERS, **headers}, "text/html; charset=utf-8")


def redirect(url: str) -> HTTPResponse:
    """Go there with GET, whatever brought you here."""
    return raw(b"", HTTPStatus.SEE_OTHER, {**HEADERS, "Location": url}, "text/plain")
