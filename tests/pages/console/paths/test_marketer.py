"""A marketer connects WhatsApp and never opens a terminal; with script and without."""

import itertools
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.entrypoints.console.browser import PASSWORD, Browser, signed_in
from tests.entrypoints.http.webhooks.deliveries import a_delivery, a_message, sign
from tests.pages.console.conftest import NewBrowser
from tests.support.program import Server, serving
from tests.support.servers.log_search import remember
from tests.support.servers.processes import free_port
from tests.support.stores import Account, Store
from tests.support.wire import request

SECRET = "0123456789abcdef0123456789abcdef"
_numbers = itertools.count(106540352242922)
"""Two projects that list the same number would share what is sent to it."""


@pytest.fixture(scope="module")
def server(store: Store) -> Iterator[Server]:
    """Its public address leads to itself, as a test delivery goes."""
    port = str(free_port())
    url = f"http://127.0.0.1:{port}"
    remember(SECRET)
    with serving(store, "--port", port, public_url=url) as server:
        yield server


@pytest.fixture(scope="module")
def admin(server: Server, store: Store) -> Browser:
    return signed_in(server, store, "admin@example.com", admin=True)


@pytest.fixture
def account(server: Server, store: Store, has_script: bool) -> Account:
    store.account()  # somebody else's
    return store.account(f"Acme, {has_script=}")


@pytest.fixture
def page(new_browser: NewBrowser, has_script: bool) -> Page:
    hers = new_browser(java_script_enabled=has_script)
    hers.grant_permissions(["clipboard-read", "clipboard-write"])
    return hers.new_page()


def invited(page: Page, email: str, project: str) -> str:
    """The link that an admin gets for somebody who sees *project* alone."""
    page.goto("users/invite")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label(project).check()
    page.get_by_role("button", name="Invite").click()
    return page.get_by_label("Link").input_value()


def enter(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Save and sign in").click()


def copied(page: Page, label: str, *, has_script: bool) -> str:
    """By its button with script; else what is selected in the field, for Ctrl-C."""
    field = page.get_by_label(label, exact=True)
    if not has_script:
        expect(page.get_by_role("button", name="Copy")).to_have_count(0)
        field.select_text()
        return str(field.evaluate("it => it.value.slice(it.selectionStart, it.selectionEnd)"))
    field.locator("xpath=..").get_by_role("button").click()
    expect(field.locator("xpath=..").get_by_role("button")).to_have_text("Copied")
    return str(page.evaluate("navigator.clipboard.readText()"))


def meta_delivers(url: str, body: bytes, secret: str = SECRET) -> int:
    called = urlsplit(url)
    assert called.port is not None
    signed = {"X-Hub-Signature-256": sign(body, secret)}
    return request(called.port, "POST", f"{called.path}?{called.query}", signed, body).status


def test_whatsapp_is_connected_from_the_invitation_to_the_first_lead(
    page: Page,
    new_browser: NewBrowser,
    admin: Browser,
    server: Server,
    store: Store,
    account: Account,
    has_script: bool,
) -> None:
    name, number, unlisted = f"Acme, {has_script=}", str(next(_numbers)), str(next(_numbers))
    enter(page, invited(new_browser(admin).new_page(), f"{next(_numbers)}@example.com", name))
    expect(page.get_by_role("rowheader")).to_have_text([name])
    page.get_by_role("link", name=name, exact=True).click()
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("link", name="WhatsApp").click()

    url = copied(page, "Webhook URL", has_script=has_script)
    token = copied(page, "Verify token", has_script=has_script)
    page.get_by_label("App secret").fill(SECRET)
    page.get_by_label("Phone number ids").fill(number)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("Saved. It is in force within two seconds.")
    assert SECRET not in page.content()

    page.get_by_role("button", name="Send a test delivery").click()
    expect(page.get_by_role("heading", name="The test delivery arrived")).to_be_visible()
    page.get_by_role("link", name="Back to WhatsApp").click()

    asked = f"&hub.mode=subscribe&hub.challenge=7&hub.verify_token={token}"
    path = url.removeprefix(server.url)
    assert request(server.port, "GET", path + asked).body == b"7"
    server.wait_until(lambda: meta_delivers(url, a_delivery(), "not in force") == 401)
    body = a_delivery(a_message("wamid.1"), metadata={"phone_number_id": unlisted})
    assert meta_delivers(url, body) == 200
    page.reload()
    page.get_by_role("button", name=f"List this number {unlisted}").click()
    expect(page.get_by_label("Phone number ids")).to_have_value(f"{number}\n{unlisted}")
    server.wait_until(lambda: len(store.leads(account)) == 2)  # the sample's, and this one
