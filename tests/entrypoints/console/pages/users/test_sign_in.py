"""In with a password, back to where one wanted to go, and out again."""

from ipaddress import ip_network
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from sanic.compat import Header

from entrypoints.console import words
from entrypoints.console.frame.cookies import Cookie
from entrypoints.console.pages.users.sign_in import own_address
from entrypoints.http.client_address import ClientAddress
from tests.entrypoints.console.browser import PASSWORD, Browser, Page, signed_in
from tests.support.program import Server
from tests.support.stores import Store


def enter(browser: Browser, email: str, password: str = PASSWORD, back: str = "") -> Page:
    path = f"/sign-in?next={quote(back)}" if back else "/sign-in"
    browser.get(path)
    return browser.post(path, {"email": email, "password": password})


def test_with_e_mail_and_password_one_is_in(server: Server, store: Store, visitor: Browser) -> None:
    signed_in(server, store, "in@example.com")

    page = enter(visitor, " In@Example.com ")
    assert (page.status, page.location) == (303, "/console")
    assert "in@example.com" in visitor.get().words


@pytest.mark.parametrize(
    ("back", "location"),
    [
        ("/account", "/console/account"),
        ("/users?of=acme", "/console/users?of=acme"),
        ("//evil.example", "/console"),
        ("/\\evil.example", "/console"),
        ("https://evil.example", "/console"),
        ("/x\r\nSet-Cookie: a=b", "/console"),
    ],
)
def test_then_one_is_where_one_wanted_to_go_if_that_is_ours(
    server: Server, store: Store, visitor: Browser, back: str, location: str
) -> None:
    email = f"back{abs(hash(back))}@example.com"
    signed_in(server, store, email)

    assert enter(visitor, email, back=back).location == location
    assert visitor.get(f"/sign-in?next={quote(back)}").location == location


@pytest.mark.parametrize("email", ["wrong@example.com", "unknown@example.com", "no address"])
def test_a_wrong_password_and_an_unknown_user_get_the_same_page(
    server: Server, store: Store, visitor: Browser, email: str
) -> None:
    if email == "wrong@example.com":
        signed_in(server, store, email)

    page = enter(visitor, email, "a wrong password")
    assert (page.status, page.headers["WWW-Authenticate"]) == (401, None)
    assert "E-mail or password is wrong." in page.words
    assert f'value="{email}"' in page.text
    assert "a wrong password" not in page.text
    assert Cookie.SESSION not in visitor.cookies


def test_after_ten_failures_an_account_waits_but_not_for_the_browser_of_its_user(
    server: Server, store: Store, visitor: Browser
) -> None:
    signed_in(server, store, "guessed@example.com")
    own = Browser(server.port)
    enter(own, "guessed@example.com")
    del own.cookies[Cookie.SESSION]
    tries = [enter(visitor, "guessed@example.com", "a wrong one") for _ in range(11)]

    assert [page.status for page in tries] == [401] * 10 + [429]
    assert 0 < int(tries[-1].headers["Retry-After"]) <= 15 * 60
    assert "Try again in" in tries[-1].words
    assert enter(visitor, "guessed@example.com").status == 429
    assert enter(own, "guessed@example.com").status == 303


@pytest.mark.parametrize(
    ("path", "done"),
    [("/sign-out", "signed-out"), ("/sign-out-everywhere", "signed-out-everywhere")],
)
def test_who_signs_out_is_out_within_two_seconds(
    server: Server, store: Store, path: str, done: str
) -> None:
    browser = signed_in(server, store, f"{done}@example.com")
    session = browser.cookies[Cookie.SESSION]

    page = browser.post(path)
    assert page.location == "/console/sign-in"
    assert Cookie.SESSION not in browser.cookies
    assert words.DONE[done] in browser.get("/sign-in").words
    stolen = Browser(server.port, {Cookie.SESSION.value: session})
    server.wait_until(lambda: stolen.get("/account").status == 303)


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("8.8.8.8", None, "8.8.8.8"),
        ("8.8.8.8", "X-Forwarded-For", None),
        ("8.8.8.8", "Forwarded", None),
        ("10.0.0.1", None, None),
        ("127.0.0.1", None, None),
        ("9.9.9.9", None, None),
    ],
)
def test_an_address_waits_only_if_it_is_the_browsers_own(
    peer: str, forwarded: str | None, address: str | None
) -> None:
    """The last peer is a proxy that is trusted; what came through one says whose it was."""
    headers = Header({forwarded: "1.1.1.1"} if forwarded else {})
    request: Any = SimpleNamespace(headers=headers, ip=peer)

    assert own_address(request, ClientAddress([ip_network("9.9.9.9")])) == address
