"""The page of `examples`, in a real browser, on a site that is not the service."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Page, Request, expect

from tests.examples.front import in_front_of
from tests.pages.sites import a_site
from tests.support.program import Server, serving
from tests.support.stores import Account, Store

PAGE = (Path(__file__).parents[2] / "examples" / "page.html").read_text("utf-8")
ADDRESS, KEY = "https://leads.example.com", "swk_…"
THANKS = "Thank you, we will be in touch."
SORRY = "That did not work. Please try again."
LONGEST_ADDRESS = 2048


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("service") / "leads.db")


@pytest.fixture(scope="module")
def server(store: Store) -> Iterator[Server]:
    with serving(store) as server:
        yield server


@pytest.fixture
def account(store: Store) -> Account:
    return _with_a_page_key(store, "localhost")


@pytest.fixture
def site(server: Server, account: Account) -> Iterator[str]:
    with _a_site(server.url, account) as site:
        yield site


def _with_a_page_key(store: Store, domain: str) -> Account:
    account = store.account(domains=[domain])
    made = store.use(lambda c: c.create_key()(account.project_id, for_page=True))
    return replace(account, key=made.secret)


@contextmanager
def _a_site(service: str, account: Account) -> Iterator[str]:
    """A site with a link to the page, which has the service's address and a key in it."""
    assert PAGE.count(ADDRESS) == PAGE.count(KEY) == 1
    text = PAGE.replace(ADDRESS, service).replace(KEY, account.key)
    link = "<script>document.write(`<a href='/contact${location.search}'>Contact</a>`)</script>"
    with a_site({"/": link, "/contact": text}) as site:
        yield site


def _fill_in(page: Page, message: str = "Hello\nyou") -> None:
    page.get_by_label("Name").fill("Zoë Müller")
    page.get_by_label("E-mail").fill("zoe@example.com")
    page.get_by_label("Message").fill(message)


def _send(page: Page, message: str = "Hello\nyou") -> None:
    _fill_in(page, message)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text(THANKS)).to_be_visible()


def _idempotency_keys(page: Page) -> list[str]:
    """Those that the page sends from now on."""
    keys: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            keys.append(request.headers["idempotency-key"])

    page.on("request", note)
    return keys


def test_what_a_visitor_sends_is_a_lead(
    store: Store, account: Account, site: str, page: Page
) -> None:
    search = "?utm_source=ads&gclid=1"
    page.goto(f"{site}/{search}")
    page.get_by_role("link").click()
    _send(page)

    [lead] = store.leads(account)
    assert lead.details.present() == {
        "name": "Zoë Müller",
        "email": "zoe@example.com",
        "attributes": {"message": "Hello\nyou"},
        "source_url": f"{site}/contact{search}",
        "referrer": f"{site}/{search}",
        "utm": {"utm_source": "ads"},
    }


def test_an_address_that_is_too_long_is_cut(
    store: Store, account: Account, site: str, page: Page
) -> None:
    search = f"?gclid={'x' * LONGEST_ADDRESS}"
    page.goto(f"{site}/{search}")
    page.get_by_role("link").click()
    _send(page)

    [lead] = store.leads(account)
    assert lead.details.source_url == f"{site}/contact{search}"[:LONGEST_ADDRESS]
    assert lead.details.referrer == f"{site}/{search}"[:LONGEST_ADDRESS]


def test_the_form_is_empty_after_a_lead(site: str, page: Page) -> None:
    page.goto(f"{site}/contact")
    _send(page)

    for label in ("Name", "E-mail", "Message"):
        expect(page.get_by_label(label)).to_have_value("")


def test_who_presses_twice_is_one_lead(
    store: Store, account: Account, site: str, page: Page
) -> None:
    page.goto(f"{site}/contact")
    _fill_in(page)
    posts: list[Request] = []
    page.on("requestfinished", lambda it: posts.append(it) if it.method == "POST" else None)
    page.get_by_role("button", name="Send").dblclick()
    while len(posts) < 2:
        page.wait_for_event("requestfinished")
    expect(page.get_by_text(THANKS)).to_be_visible()

    assert len(store.leads(account)) == 1


def test_another_message_and_another_visitor_are_leads_of_their_own(
    store: Store, account: Account, site: str, page: Page
) -> None:
    keys = _idempotency_keys(page)
    for messages in (["Hello", "One more thing"], ["Hello"]):
        page.goto(f"{site}/contact")
        for message in messages:
            _send(page, message)

    assert len(store.leads(account)) == len(set(keys)) == 3


@pytest.mark.parametrize("host", ["localhost", "www.example.com"])
def test_the_key_is_a_uuid_also_where_the_page_is_not_secure(
    store: Store, server: Server, page: Page, host: str
) -> None:
    account = _with_a_page_key(store, host)
    keys = _idempotency_keys(page)
    with _a_site(server.url, account) as site:
        page.goto(f"{site.replace('localhost', host)}/contact")
        assert page.evaluate("isSecureContext") is (host == "localhost")
        _send(page)

    [key] = keys
    assert str(UUID(key, version=4)) == key


def test_who_leaves_right_after_pressing_is_a_lead(
    store: Store, server: Server, account: Account, page: Page
) -> None:
    with in_front_of(server.port) as front, _a_site(front.url, account) as site:
        page.goto(f"{site}/contact")
        _fill_in(page)
        page.get_by_role("button", name="Send").click()
        server.wait_until(front.preflight_came.is_set)
        page.goto(f"{site}/")
        front.preflights_pass.set()
        server.wait_until(lambda: len(store.leads(account)) == 1)


def test_a_refusal_keeps_what_was_filled_in_and_says_its_code_to_the_developer(
    store: Store, server: Server, page: Page
) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    account = _with_a_page_key(store, "elsewhere.example.com")
    with _a_site(server.url, account) as site:
        page.goto(f"{site}/contact")
        _fill_in(page)
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_text(SORRY)).to_be_visible()
        expect(page.get_by_label("Name")).to_have_value("Zoë Müller")

    assert any("DOMAIN_NOT_ALLOWED" in text for text in said)
    assert list(store.leads(account)) == []
