"""The list of leads: in pages that neither skip nor repeat, and what a sender wrote is text."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.users.tokens import digest_of, new_token
from entrypoints.console.frame.cookies import Cookie
from entrypoints.console.pages.leads.leads import PAGE
from tests.entrypoints.console.browser import Browser, Page, a_user, signed_in
from tests.entrypoints.console.kept import keep
from tests.support.builders import a_session
from tests.support.program import Server, serving
from tests.support.stores import Account, Store
from tests.support.wire import request

HOSTILE: Mapping[str, Any] = {
    "name": "<script>alert(1)</script>\u202e",
    "email": "a?bcc=b@example.com",
    "phone": "javascript:alert(1)",
    "source_url": "javascript:alert(2)",
    "utm": {"utm_source": '"><img src=x onerror=alert(3)>', "utm_campaign": "{{ 7 * 7 }}"},
}


@pytest.fixture
def project(store: Store, server: Server) -> Account:
    """A new project, without a lead."""
    return store.account()


@pytest.fixture
def browser(store: Store, server: Server, project: Account) -> Browser:
    email = f"{project.project_id}@example.com"
    return signed_in(server, store, email, projects=(project.project_id,))


def send(server: Server, account: Account, **fields: Any) -> None:
    headers = {"X-Api-Key": account.key, "Content-Type": "application/json"}
    body = json.dumps(fields).encode()
    answer = request(server.port, "POST", "/api/public/lead", headers, body)
    assert answer.status == 201, answer.body


def numbers(page: Page) -> list[int]:
    return [int(number) for number in re.findall(r'data-lead="(\d+)"', page.text)]


def links(page: Page) -> list[str]:
    return re.findall(r'href="((?:tel|mailto):[^"]*)"', page.text)


def walk(browser: Browser, page: Page, words: str) -> Iterator[Page]:
    """*page*, and those behind its link of these words, up to the one that has none."""
    yield page
    while found := re.search(rf'href="/console([^"]+)">{words}<', page.text):
        page = browser.get(found[1])
        yield page


def test_it_says_who_how_to_reach_them_when_and_from_where(
    server: Server, browser: Browser, project: Account
) -> None:
    ada = {"name": "Ada Lovelace", "email": "ada@example.com", "phone": "+44 20 7946 0000"}
    send(server, project, **ada, source_url="https://www.example.com/pricing?a=1")
    send(server, project)

    page = browser.get(f"/projects/{project.project_id}/leads")
    assert numbers(page) == [2, 1]
    assert links(page) == ["tel:+442079460000", "mailto:ada@example.com"]
    who = "Ada Lovelace +44 20 7946 0000 ada@example.com"
    assert f"{who} just now www.example.com/pricing Website or API" in page.words
    assert "No contact" in page.words


def test_older_and_newer_lead_through_all_leads_without_skipping_or_repeating_one(
    server: Server, browser: Browser, project: Account
) -> None:
    count = 2 * PAGE + 1
    for number in range(count):
        send(server, project, name=f"Person {number}")
    everybody = [*range(count, 0, -1)]

    older = [*walk(browser, browser.get(f"/projects/{project.project_id}/leads"), "Older")]
    newer = [*walk(browser, older[-1], "Newer")]
    assert [number for page in older for number in numbers(page)] == everybody
    assert [number for page in reversed(newer) for number in numbers(page)] == everybody
    assert ["data-newest" in page.text for page in (*older, newer[-1])] == [
        True,
        False,
        False,
        True,
    ]


def test_a_page_of_long_names_weighs_less_than_60_kilobytes(
    store: Store, browser: Browser, project: Account
) -> None:
    origins = [
        {"utm_source": f"{n} {'щ' * 100}", "utm_campaign": f"{n} {'ж' * 100}"} for n in range(PAGE)
    ]
    who = {"name": "Ж" * 250, "phone": "+44 20 7946 0000", "email": "ada@example.com"}
    keep(store, project, *({"details": {**who, "utm": utm}} for utm in origins))

    page = browser.get(f"/projects/{project.project_id}/leads?channel=rest")
    assert len(numbers(page)) == PAGE
    assert len(page.content) < 60_000


@pytest.mark.parametrize("query", ["before=x", "before=-1", "before=%D9%A3", "before=" + "9" * 99])
def test_an_address_with_a_number_that_is_none_begins_with_the_newest(
    server: Server, browser: Browser, project: Account, query: str
) -> None:
    send(server, project, name="Ada")

    assert numbers(browser.get(f"/projects/{project.project_id}/leads?{query}")) == [1]


@pytest.mark.parametrize("query", ["before=1", "after=1", "before=0", "after=9999999999999999999"])
def test_where_no_lead_is_it_leads_back_to_the_newest(
    server: Server, browser: Browser, project: Account, query: str
) -> None:
    send(server, project, name="Ada")
    path = f"/projects/{project.project_id}/leads"

    page = browser.get(f"{path}?{query}")
    assert (page.status, page.location) == (303, f"/console{path}")


def test_without_a_lead_it_says_how_to_send_one(
    server: Server, browser: Browser, project: Account
) -> None:
    page = browser.get(f"/projects/{project.project_id}/leads")

    assert page.status == 200
    assert "No lead yet." in page.words
    assert f"curl -i -X POST {server.url}/api/public/lead" in page.text
    assert f"/projects/{project.project_id}/first-steps" in page.text


def test_what_a_sender_wrote_is_text(server: Server, browser: Browser, project: Account) -> None:
    headers = {"X-Api-Key": project.key, "Prefer": "handling=lenient"}
    request(server.port, "POST", "/api/public/lead", headers, json.dumps(HOSTILE).encode())

    for path in ("leads", "leads/1", "leads/newest", "examples", "first-steps"):
        page = browser.get(f"/projects/{project.project_id}/{path}")
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
        assert "&lt;img src=x onerror=alert(3)&gt;</bdi>" in page.text
        assert ">{{ 7 * 7 }}</bdi>" in page.text
        assert "<img" not in page.text
        assert re.findall(r"<script>|<[^>]*javascript:", page.text) == []
        assert links(page) == ["mailto:a%3Fbcc%3Db@example.com"]
        # A direction mark ends where the text ends that it is in.
        assert re.search(r"<bdi[^>]*>[^<]*\u202e</bdi>", page.text)


def test_the_script_is_given_the_newest_once_there_is_a_new_one(
    server: Server, browser: Browser, project: Account
) -> None:
    path = f"/projects/{project.project_id}/leads/newest"
    send(server, project, name="Ada")
    first = browser.get(path)
    same = browser.get(path, if_none_match=first.headers["ETag"])
    send(server, project, name="Grace")
    more = browser.get(path, if_none_match=first.headers["ETag"])

    assert (numbers(first), numbers(more)) == ([1], [2, 1])
    assert (same.status, same.text) == (304, "")
    assert first.text.lstrip().startswith("<tr")
    assert first.headers["Cache-Control"] == same.headers["Cache-Control"] == "no-store"


def test_what_the_script_asks_for_does_not_keep_the_session_from_ending(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    store = Store(tmp_path_factory.mktemp("polling") / "leads.db")
    path = f"/projects/{store.account().project_id}/leads"
    a_user(store, "her@example.com", admin=True)
    user = store.use(lambda c: c.users().find("her@example.com"))
    used = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    tokens = [new_token(), new_token()]
    sessions = [
        a_session(user, digest=digest_of(token), created_at=used, last_used_at=used)
        for token in tokens
    ]
    for session in sessions:
        store.use(lambda c, one=session: c.session_register().add(one))
    with serving(store) as server:
        asked, opened = (Browser(server.port, {Cookie.SESSION.value: one}) for one in tokens)
        pages = asked.get(f"{path}/newest"), opened.get(path)
        assert server.stop() == 0  # and so what was noted is written down

    assert [page.status for page in pages] == [200, 200]
    kept = [store.use(lambda c, one=one: c.session_register().find(one.digest)) for one in sessions]
    assert [session.last_used_at == used for session in kept] == [True, False]


def test_leads_of_another_project_are_not_among_them(
    server: Server, browser: Browser, project: Account, other: Account
) -> None:
    send(server, other, name="Not yours")

    for path in ("leads", "leads/newest", "first-steps", "examples"):
        assert "Not yours" not in browser.get(f"/projects/{project.project_id}/{path}").text
