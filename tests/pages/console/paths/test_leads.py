"""Leads on the console: those that come while somebody looks, the first one, and hostile ones."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.entrypoints.console.browser import Browser, signed_in
from tests.pages.console.conftest import NewBrowser
from tests.pages.console.hostile import LEADS
from tests.pages.console.live import live
from tests.support.program import Server
from tests.support.stores import Account, Store
from tests.support.wire import request

NARROW: Any = {"width": 360, "height": 740}
LOW: Any = {"width": 1280, "height": 300}
"""A page of a few leads is longer than this."""
HIDE = """hidden => {
    Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});
    document.dispatchEvent(new Event('visibilitychange'));
}"""
"""What a browser does with a page whose tab is left, or is come back to."""


@pytest.fixture(scope="module")
def admin(server: Server, store: Store) -> Browser:
    return signed_in(server, store, "admin@example.com", admin=True)


@pytest.fixture
def account(store: Store, server: Server) -> Account:
    return store.account()


@pytest.fixture
def of_project(account: Account) -> str:
    return f"projects/{account.project_id}"


@pytest.fixture
def either(new_browser: NewBrowser, admin: Browser, has_script: bool) -> Page:
    """A page of an admin, with script and without."""
    return new_browser(admin, java_script_enabled=has_script).new_page()


@pytest.fixture
def inside(new_browser: NewBrowser, admin: Browser) -> Page:
    """A page of an admin, whose time goes on when a test says so."""
    browser = new_browser(admin, viewport=LOW)
    browser.clock.install()
    return browser.new_page()


def send(server: Server, account: Account, **fields: Any) -> None:
    headers = {"X-Api-Key": account.key, "Prefer": "handling=lenient"}
    body = json.dumps(fields).encode()
    assert request(server.port, "POST", "/api/public/lead", headers, body).status == 201


def wait_15_seconds(page: Page) -> None:
    page.clock.run_for(15_000)


@pytest.mark.parametrize("path", ["leads", "examples", "first-steps"])
def test_new_leads_appear_within_15_seconds_and_are_announced(
    server: Server, account: Account, of_project: str, inside: Page, path: str
) -> None:
    inside.goto(f"{of_project}/{path}")
    rows = inside.locator("tbody tr")
    expect(inside.get_by_text("No lead yet.")).to_be_visible()

    for name in ("Ada", "Grace"):
        send(server, account, name=name, phone="+44 20 7946 0000")
    wait_15_seconds(inside)

    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("Grace")
    expect(rows.first.get_by_role("link").last).to_have_attribute("href", "tel:+442079460000")
    expect(inside.get_by_role("status")).to_have_text("2 new")
    expect(inside.get_by_text("No lead yet.")).to_have_count(0)


def test_what_is_under_the_pointer_or_further_down_stays_where_it_is(
    server: Server, account: Account, of_project: str, inside: Page
) -> None:
    for number in range(20):
        send(server, account, name=f"Person {number}")
    inside.goto(f"{of_project}/leads")
    places = []
    for row in (
        inside.get_by_text("Person 19", exact=True),
        inside.get_by_text("Person 0", exact=True),
    ):
        row.scroll_into_view_if_needed()
        row.hover()
        before = row.bounding_box()
        send(server, account, name="Somebody new")
        count = inside.locator("tbody tr").count()
        wait_15_seconds(inside)
        expect(inside.locator("tbody tr")).to_have_count(count + 1)
        places.append((before, row.bounding_box()))

    assert [before["y"] - after["y"] for before, after in places if before and after] == [0, 0]


def test_nothing_is_asked_while_the_page_is_hidden_and_at_once_when_it_is_seen_again(
    server: Server, account: Account, of_project: str, inside: Page
) -> None:
    inside.goto(f"{of_project}/leads")
    asked: list[str] = []
    inside.on("request", lambda it: asked.append(it.url) if "newest" in it.url else None)
    inside.evaluate(HIDE, True)
    send(server, account, name="Ada")
    inside.clock.run_for(60_000)
    while_hidden = len(asked)
    inside.evaluate(HIDE, False)

    expect(inside.get_by_text("Ada", exact=True)).to_be_visible()
    assert (while_hidden, len(asked)) == (0, 1)


def test_who_was_signed_out_meanwhile_is_led_to_the_sign_in(
    server: Server, account: Account, of_project: str, inside: Page
) -> None:
    inside.goto(f"{of_project}/leads")
    inside.context.clear_cookies()
    wait_15_seconds(inside)

    inside.wait_for_url("**/console/sign-in?next=*")


def test_the_form_of_the_first_steps_makes_a_lead_that_appears_below(
    store: Store, account: Account, of_project: str, either: Page
) -> None:
    page = either
    page.goto(f"{of_project}/first-steps")
    for count, (name, email) in enumerate([("Ada", "ada@example.com"), ("Grace", "")], start=1):
        page.get_by_label("Name").fill(name)
        page.get_by_label("E-mail").fill(email)
        page.get_by_role("button", name="Make a lead").click()
        expect(page.locator("tbody tr")).to_have_count(count)
        expect(page.get_by_label("Name")).to_have_value("")

    assert [lead.details.name for lead in store.leads(account)] == ["Ada", "Grace"]


def test_with_script_that_page_is_not_loaded_again(of_project: str, inside: Page) -> None:
    inside.goto(f"{of_project}/first-steps")
    inside.evaluate("document.title = 'still here'")
    inside.get_by_label("Name").fill("Ada")
    inside.get_by_label("Name").press("Enter")

    expect(inside.locator("tbody tr")).to_have_count(1)
    assert inside.title() == "still here"


def test_what_is_wrong_is_said_with_script_and_without(
    store: Store, account: Account, of_project: str, either: Page
) -> None:
    page = either
    page.goto(f"{of_project}/first-steps")
    page.get_by_label("E-mail").fill("nobody")
    page.get_by_role("button", name="Make a lead").click()
    page.get_by_role("link", name="E-mail must be an e-mail address.").click()

    assert page.url.endswith("/first-steps#email")
    assert page.get_by_label("E-mail").input_value() == "nobody"
    assert store.leads(account) == []


@pytest.mark.parametrize("path", ["leads", "examples/php", "first-steps"])
def test_hostile_leads_that_the_script_adds_are_text_and_do_not_scroll_sideways(
    server: Server, account: Account, of_project: str, inside: Page, path: str
) -> None:
    inside.set_viewport_size(NARROW)
    inside.goto(f"{of_project}/{path}")
    for fields in LEADS:
        send(server, account, **fields)
    wait_15_seconds(inside)

    expect(inside.locator("tbody tr")).to_have_count(len(LEADS))
    assert live(inside) == []
    assert inside.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
