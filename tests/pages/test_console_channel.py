"""A marketer connects WhatsApp without a terminal: in a real browser, with script and without."""

import itertools
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from tests.entrypoints.console.browser import PASSWORD, a_user
from tests.entrypoints.http.webhooks.deliveries import a_delivery, a_message, sign
from tests.support.program import Server, serving
from tests.support.servers.processes import free_port
from tests.support.stores import Account, Store
from tests.support.wire import request

SECRET = "0123456789abcdef0123456789abcdef"
_numbers = itertools.count(106540352242922)
"""Two projects that list the same number would share what is sent to it."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("console") / "leads.db")


@pytest.fixture(scope="module")
def server(store: Store) -> Iterator[Server]:
    """Its public address leads to itself, as a test delivery goes."""
    port = str(free_port())
    url = f"http://127.0.0.1:{port}"
    with serving(store, "--port", port, public_url=url) as server:
        yield server


@pytest.fixture
def account(server: Server, store: Store) -> Account:
    return store.account()


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def page(request: pytest.FixtureRequest, chromium: Chromium) -> Iterator[Page]:
    context = chromium.new_context(java_script_enabled=request.param)
    yield context.new_page()
    context.close()


def open_whatsapp(page: Page, server: Server, store: Store, account: Account) -> None:
    """By the link that invites her, with a password, and from page to page."""
    name = store.use(lambda c: c.find_project()(account.project_id)).name
    token = a_user(store, f"{account.project_id}@example.com", projects=(account.project_id,))
    page.goto(f"{server.url}/console/link?token={token}")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Save and sign in").click()
    page.get_by_role("link", name=name, exact=True).click()
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("link", name="WhatsApp").click()


def meta_delivers(url: str, body: bytes, secret: str = SECRET) -> int:
    called = urlsplit(url)
    assert called.port is not None
    signed = {"X-Hub-Signature-256": sign(body, secret)}
    return request(called.port, "POST", f"{called.path}?{called.query}", signed, body).status


def test_whatsapp_is_connected_from_the_invitation_to_the_first_lead(
    page: Page, server: Server, store: Store, account: Account
) -> None:
    number, unlisted = str(next(_numbers)), str(next(_numbers))
    open_whatsapp(page, server, store, account)
    url = page.get_by_label("Webhook URL").input_value()
    token = page.get_by_label("Verify token").input_value()
    page.get_by_label("App secret").fill(SECRET)
    page.get_by_label("Phone number ids").fill(number)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("Saved. It is in force within two seconds.")

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
