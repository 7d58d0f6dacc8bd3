"""One lead whole: how to reach them, where they came from, what they said; all of it is text."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.identity import Identity
from domain.message import Message
from tests.entrypoints.console.browser import Browser, Page
from tests.entrypoints.console.kept import keep
from tests.support.program import Server
from tests.support.stores import Account, Store

AT = datetime(2026, 11, 3, 14, 5, tzinfo=UTC)
LONG = "W" * 5_000
Shown = Callable[..., Page]


@pytest.fixture
def account(store: Store, server: Server) -> Account:
    return store.account()


@pytest.fixture
def shown(store: Store, account: Account, admin: Browser) -> Shown:
    """The page of a lead with these details, or of another one by its number."""

    def shown(number: int = 1, *, of: Mapping[str, Any] | None = None, **details: Any) -> Page:
        if details or of:
            keep(store, account, {"details": details, **(of or {})})
        return admin.get(f"/projects/{account.project_id}/leads/{number}")

    return shown


def a_message(number: int, type_: str, text: str | None, raw: str = "{}") -> Message:
    return Message(message_id=f"m{number}", type=type_, text=text, sent_at=AT, raw=raw)


def test_it_says_how_to_reach_them_and_where_they_came_from(shown: Shown) -> None:
    page = shown(
        name="Ada",
        email="ada@example.com",
        phone="+44 20 7946 0000",
        source_url="https://example.com/contact?a=1",
        page_trail=("/pricing", "/contact"),
        utm={"utm_source": "google", "utm_campaign": "Spring", "gclid": "abc"},
        attributes={"first_touch": {"utm_source": "news", "utm_campaign": "May"}},
    )

    assert {
        "tel:+442079460000": "Call",
        "mailto:ada@example.com": "E-mail",
        "https://wa.me/442079460000": "WhatsApp",
    }.items() <= dict(
        re.findall(r'class="button[^"]*" href="([^"]+)"[^>]*>([^<]+)<', page.text)
    ).items()
    assert "Google ad, campaign Spring , first on /pricing . First seen" in page.words
    assert "First touch: news , campaign May ." in page.words
    for name, value in (("gclid", "abc"), ("utm_source", "news")):
        assert f"{name} {value}" in page.words


def test_what_they_said_is_a_conversation_and_what_came_is_at_hand(
    store: Store, account: Account, shown: Shown
) -> None:
    who = {"identities": (Identity("phone", "1"),), "channel": "whatsapp"}
    keep(store, account, {**who, "message": a_message(1, "text", LONG, '{"a": "\u202e"}')})
    keep(store, account, {**who, "message": a_message(2, "image", "our roof")})

    page = shown()
    assert f"{LONG} 3 Nov 14:05 UTC Picture our roof 3 Nov 14:05 UTC" in page.words
    assert '{"a": "\\u202e"}' in page.words
    assert re.search(r"Request id req_\w{32}", page.words)


def test_without_contact_it_says_so_and_what_was_sent(shown: Shown) -> None:
    page = shown(attributes={"product": "Boat", "parts": ["a", {"b": None}], "no": None})

    assert "No contact" in page.words
    assert "This lead came without a name" in page.words
    assert 'product Boat parts ["a",{"b":null}] no –' in page.words
    assert 'class="button' not in page.text


def test_other_leads_of_the_person_are_named(store: Store, account: Account, shown: Shown) -> None:
    keep(store, account, *({"details": {"name": "A. L.", "email": "ADA@example.com"}},))
    page = shown(2, name="Ada", email="ada@example.com")

    assert "Other leads of this person A. L. · Website or API" in page.words
    assert f'href="/console/projects/{account.project_id}/leads/1"' in page.text
    assert "Other leads" not in shown(3, name="Grace").words


def test_a_joined_lead_leads_to_the_one_that_it_is_a_part_of(
    store: Store, account: Account, shown: Shown
) -> None:
    phone, user = Identity("phone", "1"), Identity("user_id", "2")
    for names in ((phone,), (user,), (phone, user)):
        keep(store, account, {"identities": names, "channel": "whatsapp"})

    page = shown(2)
    assert "the same person as lead 1" in page.words
    assert f'href="/console/projects/{account.project_id}/leads/1">Open lead 1<' in page.text


def test_what_a_sender_wrote_is_text_and_a_link_only_to_a_page(shown: Shown) -> None:
    page = shown(
        name='<script>alert(1)</script>\u202e">',
        email="a?bcc=b@example.com",
        phone="+49 tel:1",
        source_url="javascript:alert(1)",
        referrer='https://example.com/"onclick=alert(1)',
        page_trail=("data:text/html,x", "https://example.com/a"),
        utm={"<b>": "{{ 7 * 7 }}"},
        of={"message": a_message(1, "<i>", "\u202e<img>")},
    )

    assert "<script>alert" not in page.text
    assert not re.search(r"<b>|<i>|<img", page.text)
    assert "{{ 7 * 7 }}" in page.words
    links = re.findall(r'<a href="([^"]*)" (rel="[^"]*")>', page.text)
    assert links == [
        ("https://example.com/&#34;onclick=alert(1)", 'rel="noreferrer noopener"'),
        ("https://example.com/a", 'rel="noreferrer noopener"'),
    ]
    assert re.findall(r'href="(?![/#m])[^"]*"', page.text) == [f'href="{url}"' for url, _ in links]
    assert re.search(r"<bdi>[^<]*\u202e[^<]*</bdi></h1>", page.text)


@pytest.mark.parametrize("number", ["9", "0", "-1", "x", "%D9%A1", "9" * 30])
def test_what_is_no_lead_of_the_project_is_not_there(
    store: Store, other: Account, account: Account, admin: Browser, number: str
) -> None:
    keep(store, account, {})

    assert admin.get(f"/projects/{account.project_id}/leads/{number}").status == 404
