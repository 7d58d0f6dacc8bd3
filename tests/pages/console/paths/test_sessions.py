"""In and out again, with a wrong password, and in two browsers; on both stores."""

import pytest
from playwright.sync_api import Page, expect

from tests.entrypoints.console.browser import PASSWORD, signed_in
from tests.pages.console.conftest import NewBrowser
from tests.support.program import Server
from tests.support.servers.mongod import RunningMongod
from tests.support.stores import Store, a_store

EMAIL = "visitor@example.com"
MOST_VISITS = 500
"""A session ends in every process within two seconds; what cannot end is noticed by this number."""


@pytest.fixture(scope="module", params=["sqlite", "motor"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Store:
    def mongodb_url() -> str:
        mongod: RunningMongod = request.getfixturevalue("mongod")
        return mongod.url()

    return a_store(request.param, tmp_path_factory.mktemp("console"), mongodb_url)


@pytest.fixture(scope="module", autouse=True)
def _user(server: Server, store: Store) -> None:
    signed_in(server, store, EMAIL)


def _sign_in(page: Page, password: str = PASSWORD) -> None:
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def _sign_out(page: Page, button: str) -> None:
    page.locator("summary").click()
    page.locator("details").get_by_role("button", name=button, exact=True).click()


def test_a_wrong_password_is_told_the_right_one_opens_what_was_asked_for_and_out_is_out(
    new_browser: NewBrowser, has_script: bool
) -> None:
    page = new_browser(java_script_enabled=has_script).new_page()
    page.goto("account")
    _sign_in(page, "not the password")
    expect(page.get_by_text("E-mail or password is wrong.")).to_be_visible()
    expect(page.get_by_label("E-mail")).to_have_value(EMAIL)
    expect(page.get_by_label("Password")).to_have_value("")

    _sign_in(page)
    expect(page.get_by_role("heading", name="Account")).to_be_visible()

    _sign_out(page, "Sign out")
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    page.goto("account")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_out_everywhere_ends_the_session_of_another_browser_which_comes_back_to_its_page(
    new_browser: NewBrowser, has_script: bool
) -> None:
    here, there = (new_browser(java_script_enabled=has_script).new_page() for _ in range(2))
    for page in (here, there):
        page.goto("account")
        _sign_in(page)
        expect(page.get_by_role("heading", name="Account")).to_be_visible()

    _sign_out(here, "Sign out everywhere")
    expect(here.get_by_text("in every other browser")).to_be_visible()
    _until_it_has_ended(there)
    _sign_in(there)

    expect(there.get_by_role("heading", name="Account")).to_be_visible()


def _until_it_has_ended(page: Page) -> None:
    """Open a page again and again; a process may take its time to notice, but not for long."""
    is_out = page.get_by_role("heading", name="Sign in")
    for _ in range(MOST_VISITS):
        page.goto("account")
        if is_out.count():
            return
    raise AssertionError("the session goes on")
