"""The headers of every answer of the console, of whatever kind it is."""

import pytest

from entrypoints.console.frame.static_files import static_files
from tests.entrypoints.console.browser import Browser

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
STATIC = f"/console/static/{static_files()['console.css'].name}"
ANSWERS = [
    ("GET", "/", 303),
    ("GET", "/console", 200),
    ("GET", "/console/", 200),
    ("GET", "/console/sign-in", 303),
    ("GET", "/console/nowhere", 404),
    ("GET", "/console/static/nothing.css", 404),
    ("DELETE", "/console", 405),
    ("POST", "/", 405),
    ("POST", "/console/sign-out", 415),
    ("GET", "/console/link?token=none", 410),
    ("GET", STATIC, 200),
]


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS)
def test_every_answer_has_the_headers_of_the_console(
    member: Browser, method: str, path: str, status: int
) -> None:
    page = member.send(method, path)

    assert page.status == status
    assert page.headers.get_all("Content-Security-Policy") == [POLICY]
    assert page.headers.get_all("X-Content-Type-Options") == ["nosniff"]
    assert page.headers.get_all("Referrer-Policy") == ["same-origin"]
    assert page.headers["X-Request-Id"]
    kept = "public, max-age=31536000, immutable" if path == STATIC else "no-store"
    assert page.headers.get_all("Cache-Control") == [kept]


def test_a_405_says_which_methods_there_are(member: Browser) -> None:
    allowed = member.send("DELETE", "/console/sign-in").headers["Allow"]

    assert {*allowed.split(", ")} == {"GET", "HEAD", "POST"}


@pytest.mark.parametrize(
    ("path", "status"), [("/", 303), ("/console", 303), ("/console/link", 410)]
)
def test_head_is_answered_as_get_is_and_without_a_body(
    visitor: Browser, path: str, status: int
) -> None:
    head, get = (visitor.send(method, path) for method in ("HEAD", "GET"))

    assert (head.status, get.status, head.text) == (status, status, "")
    assert head.headers["Content-Security-Policy"] == get.headers["Content-Security-Policy"]
