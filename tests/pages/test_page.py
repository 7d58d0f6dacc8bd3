"""The page of `examples`, in a real browser, on a site that is not the service."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect

from tests.pages.sites import a_site
from tests.support.program import Server, serving, swiftcrm_json
from tests.support.stores import Store

PAGE = (Path(__file__).parents[2] / "examples" / "page.html").read_text("utf-8")
ADDRESS, KEY = "https://leads.example.com", "swk_…"
THANKS = "Thank you, we will be in touch."
SORRY = "That did not work. Please try again."


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "leads.db")


@pytest.fixture
def server(store: Store) -> Iterator[Server]:
    with serving(store) as server:
        yield server


@contextmanager
def _on_a_site(server: Server, key: str) -> Iterator[str]:
    """The address of the page, with the service's address and a key in it."""
    assert PAGE.count(ADDRESS) == PAGE.count(KEY) == 1
    text = PAGE.replace(ADDRESS, server.url).replace(KEY, key)
    with a_site({"/contact": text}) as site:
        yield f"{site}/contact"


def _page_key(store: Store, domain: str) -> str:
    swiftcrm_json(store, "project", "create", "Acme", "--domain", domain)
    return str(swiftcrm_json(store, "key", "create", "Acme", "--page")["api_key"])


def _leads(store: Store) -> Any:
    return swiftcrm_json(store, "lead", "list", "Acme")


def _fill_in(page: Page, email: str = "zoe@example.com") -> None:
    page.get_by_label("Name").fill("Zoë Müller")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Message").fill("Hello\nyou")


def test_what_a_visitor_sends_is_a_lead(store: Store, server: Server, page: Page) -> None:
    with _on_a_site(server, _page_key(store, "localhost")) as address:
        url = f"{address}?utm_source=ads&gclid=1"
        page.goto(url)
        _fill_in(page)
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_text(THANKS)).to_be_visible()

    [lead] = _leads(store)
    assert (lead["name"], lead["email"]) == ("Zoë Müller", "zoe@example.com")
    assert lead["attributes"] == {"message": "Hello\nyou"}
    assert (lead["source_url"], lead["utm"]) == (url, {"utm_source": "ads"})


def test_who_presses_twice_is_one_lead(store: Store, server: Server, page: Page) -> None:
    with _on_a_site(server, _page_key(store, "localhost")) as address:
        page.goto(address)
        _fill_in(page)
        posts: list[Request] = []
        page.on("requestfinished", lambda it: posts.append(it) if it.method == "POST" else None)
        page.get_by_role("button", name="Send").dblclick()
        while len(posts) < 2:
            page.wait_for_event("requestfinished")
        expect(page.get_by_text(THANKS)).to_be_visible()

    assert len(_leads(store)) == 1


def test_a_refusal_keeps_what_was_filled_in_and_says_its_code_to_the_developer(
    store: Store, server: Server, page: Page
) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    with _on_a_site(server, _page_key(store, "elsewhere.example.com")) as address:
        page.goto(address)
        _fill_in(page)
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_text(SORRY)).to_be_visible()
        expect(page.get_by_label("Name")).to_have_value("Zoë Müller")

    assert any("DOMAIN_NOT_ALLOWED" in text for text in said)
    assert _leads(store) == []
