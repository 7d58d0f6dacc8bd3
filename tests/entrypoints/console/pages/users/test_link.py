"""A link: looked at as often as one likes, used once."""

import pytest

from entrypoints.console.frame.cookies import Cookie
from tests.entrypoints.console.browser import PASSWORD, Browser, Page, a_user
from tests.support.program import Server
from tests.support.stores import Store


def use(browser: Browser, token: str, password: str = PASSWORD) -> Page:
    browser.get(f"/link?token={token}")
    return browser.post("/link", {"token": token, "password": password})


def test_to_look_at_a_link_does_not_use_it_up_and_to_use_it_does(
    server: Server, store: Store, visitor: Browser
) -> None:
    token = a_user(store, "invited@example.com")
    looks = [Browser(server.port).get(f"/link?token={token}") for _ in range(3)]
    used = use(visitor, token)
    again = use(Browser(server.port), token)

    assert [page.status for page in looks] == [200] * 3
    assert all("invited@example.com" in page.words for page in looks)
    assert (used.status, used.location) == (303, "/console")
    assert "invited@example.com" in visitor.get().words
    assert again.status == 403  # there was no form to get a token from
    assert Browser(server.port).get(f"/link?token={token}").status == 410


def test_the_form_of_a_link_that_was_used_meanwhile_says_so(
    server: Server, store: Store, visitor: Browser
) -> None:
    token = a_user(store, "meanwhile@example.com")
    visitor.get(f"/link?token={token}")
    use(Browser(server.port), token)

    page = visitor.post("/link", {"token": token, "password": PASSWORD})
    assert page.status == 410
    assert "This link no longer works" in page.words
    assert Cookie.SESSION not in visitor.cookies


def test_a_short_password_is_asked_for_again_and_the_link_stays(
    store: Store, visitor: Browser
) -> None:
    token = a_user(store, "short@example.com")

    page = use(visitor, token, "too short")
    assert page.status == 422
    assert "at least 10 characters" in page.words
    assert 'aria-invalid="true"' in page.text
    assert use(visitor, token).status == 303


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "%00", "ü"])
def test_a_link_that_nobody_made_is_gone(visitor: Browser, token: str) -> None:
    page = visitor.get(f"/link?token={token.replace('ü', '%C3%BC')}")

    assert page.status == 410
    assert "ask your administrator" in page.words
