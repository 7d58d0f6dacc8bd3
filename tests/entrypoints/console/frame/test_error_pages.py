"""What goes wrong in the console is a page, and beside it the envelope."""

import sys
from pathlib import Path

import pytest

from domain.users.tokens import new_token
from entrypoints.console.frame.cookies import Cookie
from tests.entrypoints.console.browser import Browser, Page, signed_in
from tests.support.program import Server, serving
from tests.support.stores import Store

MAIN = "from entrypoints.process.main import main; main()"
DEFECT = (
    "from entrypoints.console.pages.users.sign_in import SignInPage as p; p.show = lambda *_: 1 / 0"
)
NO_IMPORT = "import sys; sys.modules['jinja2'] = sys.modules['entrypoints.console'] = None"
"""A try to import them fails."""
HTML = "text/html; charset=utf-8"


def _program(first: str) -> tuple[str, ...]:
    """Ours, which does something else first."""
    return sys.executable, "-c", f"{first}; {MAIN}"


def _is_page(page: Page, status: int, words: str) -> bool:
    assert (page.status, page.headers["Content-Type"]) == (status, HTML)
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert page.headers["X-Request-Id"] in page.words
    return words in page.words


def test_what_is_not_there_says_what_to_do_and_which_request_it_was(visitor: Browser) -> None:
    assert _is_page(visitor.get("/nowhere"), 404, "The address has a slip in it")


@pytest.mark.parametrize("path", ["/projects/prj_none", "/nowhere"], ids=["page", "none"])
def test_who_is_signed_in_has_the_bar_on_it_and_can_sign_out(
    server: Server, store: Store, visitor: Browser, path: str
) -> None:
    browser = signed_in(server, store, f"lost.{len(path)}@example.com")
    page = browser.get(path)
    left = browser.post("/sign-out")

    assert _is_page(page, 404, "Signed in as")
    assert browser.form_token in page.text
    assert left.location == "/console/sign-in"
    assert "Sign out" not in visitor.get("/link").words


@pytest.mark.parametrize("path", ["/consolex", "/api/nowhere", "/favicon.ico"])
def test_beside_the_console_a_failure_is_the_envelope(visitor: Browser, path: str) -> None:
    page = visitor.send("GET", path)

    assert (page.status, page.headers["Content-Type"]) == (404, "application/json")
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "Content-Security-Policy" not in page.headers


def test_a_defect_of_ours_is_a_page_that_says_nothing_of_it(tmp_path: Path) -> None:
    with serving(tmp_path / "leads.db", program=_program(DEFECT)) as server:
        page = Browser(server.port).get("/sign-in")
        line = server.line_with(event="http.defect")

    assert _is_page(page, 500, "Something went wrong here")
    assert "ZeroDivisionError" not in page.text
    assert line["request_id"] == page.headers["X-Request-Id"]


def test_while_the_store_is_away_a_page_says_so_and_looks_like_one(tmp_path: Path) -> None:
    away = Store(tmp_path / "leads.db", url="mongodb://127.0.0.1:9/swiftcrm")
    with serving(away) as server:
        browser = Browser(server.port, {Cookie.SESSION.value: new_token()})
        page, nowhere = browser.get(), browser.get("/nowhere")
        look = page.text.partition('rel="stylesheet" href="')[2].partition('"')[0]
        sheet = browser.send("GET", look)

    assert _is_page(page, 503, "The store does not answer")
    assert page.headers["Retry-After"]
    assert _is_page(nowhere, 404, "The address has a slip in it")
    assert (sheet.status, sheet.headers["Content-Type"]) == (200, "text/css; charset=utf-8")


@pytest.mark.parametrize("path", ["/", "/console", "/console/sign-in"])
def test_with_the_console_off_nothing_of_it_is_there(tmp_path: Path, path: str) -> None:
    with serving(tmp_path / "leads.db", program=_program(NO_IMPORT), console="off") as server:
        page = Browser(server.port).send("GET", path)

    assert (page.status, page.headers["Content-Type"]) == (404, "application/json")
    assert '"code":"NOT_FOUND"' in page.text
