"""What the console lets a browser keep, and how."""

import re
from collections.abc import Iterator
from http.cookies import Morsel

import pytest

from entrypoints.console.frame.cookies import Cookie
from tests.entrypoints.console.browser import PASSWORD, Browser, a_user, signed_in
from tests.support.program import Server, serving
from tests.support.stores import Store

YEAR, MONTH, DAY = (str(days * 24 * 60 * 60) for days in (365, 30, 1))


@pytest.fixture(scope="module")
def in_public(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Store]]:
    """A server whose public address is behind TLS, in a folder."""
    store = Store(tmp_path_factory.mktemp("public") / "leads.db")
    with serving(store, public_url="https://example.com/crm") as server:
        yield server, store


def _how(morsel: Morsel[str]) -> tuple[str, ...]:
    kept = (morsel["path"], morsel["samesite"], morsel["max-age"])
    return (*kept, *(name for name in ("httponly", "secure") if morsel[name]))


def test_they_are_for_the_console_alone_and_for_no_script(server: Server, store: Store) -> None:
    browser = Browser(server.port)
    link = browser.get(f"/link?token={(token := a_user(store, 'cookies@example.com'))}")
    entered = browser.post("/link", {"token": token, "password": PASSWORD})

    assert {name: _how(one) for name, one in link.cookies.items()} == {
        Cookie.FORM: ("/console", "Lax", DAY, "httponly")
    }
    assert {name: _how(one) for name, one in entered.cookies.items()} == {
        Cookie.SESSION: ("/console", "Lax", MONTH, "httponly"),
        Cookie.DEVICE: ("/console", "Lax", YEAR, "httponly"),
    }


def test_behind_tls_they_are_for_tls_alone(in_public: tuple[Server, Store]) -> None:
    server, store = in_public
    browser = Browser(server.port)
    token = a_user(store, "cookies@example.com")
    link = browser.get(f"/link?token={token}")
    fields = {"token": token, "password": PASSWORD}
    entered = browser.post("/link", fields, Origin="https://example.com")

    opened = browser.get("/account")
    left = browser.post("/sign-out", Origin="https://example.com")

    cookies = {**link.cookies, **entered.cookies, **left.cookies}
    assert cookies.keys() == {f"__Secure-{one}" for one in Cookie}
    assert {_how(one)[0] for one in cookies.values()} == {"/crm/console"}
    assert all(_how(one)[-2:] == ("httponly", "secure") for one in cookies.values())
    assert entered.location == "/crm/console"
    assert 'action="/crm/console/sign-out"' in opened.text


def test_there_a_cookie_that_came_without_tls_signs_nobody_in(
    in_public: tuple[Server, Store],
) -> None:
    server, store = in_public
    browser = signed_in(server, store, "plain@example.com")

    assert browser.get("/account").status == 303


def test_a_cookie_of_forms_that_we_cannot_have_given_is_replaced(visitor: Browser) -> None:
    for value in ("x", "ü" * 43):
        visitor.cookies = {Cookie.FORM.value: value}
        visitor.get("/sign-in")
        assert re.fullmatch(r"[\w-]{43}", visitor.cookies[Cookie.FORM], re.ASCII)


def test_a_cookie_that_nobody_gave_signs_nobody_in(visitor: Browser) -> None:
    for value in ("", "x", "a" * 43, "ü" * 43):
        visitor.cookies = {Cookie.SESSION.value: value}
        assert visitor.get("/account").status == 303
