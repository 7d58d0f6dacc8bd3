"""What a project holds: by reason, newest first, in pages that neither skip nor repeat."""

import html
import re
from collections.abc import Iterator

import pytest

from domain.held import (
    CODES,
    DOMAIN_NOT_ALLOWED,
    INVALID_JSON,
    KEY_REVOKED,
    LINES,
    VALIDATION_FAILED,
)
from entrypoints.console.held.reasons import REASONS
from entrypoints.console.pages.leads.held import FEW, PAGE
from tests.entrypoints.cli.leads.held_calls import line, refused
from tests.entrypoints.console.browser import CONSOLE, Browser, Page, signed_in
from tests.entrypoints.console.pages.leads.held_calls import OURS, THEIRS, from_page, send
from tests.support.program import Server
from tests.support.stores import Account, Store

NOTHING = "Nothing waits. Refused calls would be listed here, with their reason."


@pytest.fixture
def project(store: Store, server: Server) -> Account:
    """A new project, which lists a domain that sends nothing here."""
    return store.account(domains=["acme.example"])


@pytest.fixture
def path(project: Account) -> str:
    return f"/projects/{project.project_id}/held"


@pytest.fixture
def browser(store: Store, server: Server, project: Account) -> Browser:
    email = f"{project.project_id}@example.com"
    return signed_in(server, store, email, projects=(project.project_id,))


def names(page: Page) -> list[str]:
    return [
        html.unescape(name)
        for name in re.findall(r'scope="row">(?:<span>)?<bdi>([^<]+)<', page.text)
    ]


def walk(browser: Browser, path: str, words: str) -> Iterator[Page]:
    page = browser.get(path)
    yield page
    while found := re.search(rf'href="{CONSOLE}([^"]+)">{words}<', page.text):
        page = browser.get(html.unescape(found[1]))
        yield page


def test_where_nothing_waits_that_is_said_and_the_list_of_pages_has_no_number(
    browser: Browser, path: str
) -> None:
    page = browser.get(path)

    assert NOTHING in page.words
    assert " Leads Held Examples " in page.words


def test_what_waits_is_grouped_by_reason_with_number_words_and_the_newest_first(
    browser: Browser, path: str, server: Server, project: Account
) -> None:
    for number in range(FEW + 1):
        from_page(server, project, OURS, name=f"Person {number}")
    send(server, project, {"email": "ada@"}, 422)
    send(server, project, b"{", 400)

    page = browser.get(path)

    shown = [code for code in CODES if REASONS[code].title in page.words]
    assert shown == [DOMAIN_NOT_ALLOWED, VALIDATION_FAILED, INVALID_JSON]
    assert f" Leads Held {FEW + 3} Examples " in page.words
    assert f"{REASONS[DOMAIN_NOT_ALLOWED].title} {FEW + 1} " in page.words
    assert names(page)[1 : FEW + 1] == [f"Person {n}" for n in range(FEW, 0, -1)]
    assert f"All {FEW + 1}" in page.words
    assert " Held 8 Examples " in browser.get(path.removesuffix("/held")).words


def test_a_reason_by_itself_is_paged_to_its_end_and_back_while_others_come(
    browser: Browser, path: str, store: Store, project: Account
) -> None:
    calls = [refused(project.project_id, n) for n in range(100, 100 + 2 * PAGE + 1)]
    store.use(lambda c: c.held_ledger().hold(calls))
    reason, shown = f"{path}/reason/{DOMAIN_NOT_ALLOWED}", []

    for page in walk(browser, reason, "Older"):
        shown += re.findall(r'name="held_id" value="([^"]+)"', page.text)
        newer = [refused(project.project_id, 900 + len(shown))]
        store.use(lambda c, newer=newer: c.held_ledger().hold(newer))
    oldest = f"{reason}?after={calls[0].held_id}"
    back = list(walk(browser, oldest, "Newer"))

    assert shown == [call.held_id for call in reversed(calls)]
    assert len(back) == 3
    assert re.findall(r'name="held_id" value="([^"]+)"', back[0].text)[-1] == calls[1].held_id
    beyond = browser.get(f"{reason}?before={calls[0].held_id}")
    assert (beyond.status, beyond.location) == (303, f"{CONSOLE}{reason}")


def test_the_pages_it_came_from_are_counted_and_each_can_be_seen_by_itself(
    browser: Browser, path: str, server: Server, project: Account
) -> None:
    for number in range(3):
        from_page(server, project, OURS, name=f"Ours {number}")
    from_page(server, project, THEIRS, name="Spam")

    page = browser.get(path)
    ours = browser.get(f"{path}/reason/{DOMAIN_NOT_ALLOWED}?origin={OURS}")

    assert names(page)[:2] == [OURS, THEIRS]
    assert (
        f'<button>Allow this domain<span class="unseen"> <bdi>{OURS}</bdi></span></button>'
        in page.text
    )
    assert names(ours) == ["Ours 2", "Ours 1", "Ours 0"]
    assert f"3 of “ {OURS} ”, the newest first" in ours.words


def test_all_pages_are_reached_and_those_that_are_allowed_come_last(
    browser: Browser, path: str, store: Store, project: Account
) -> None:
    hosts = ["acme.example", "acme.example", *(f"p{n}.example" for n in range(PAGE + 3))]
    calls = [refused(project.project_id, n, origin=host) for n, host in enumerate(hosts)]
    store.use(lambda c: c.held_ledger().hold(calls))
    shown: list[str] = []

    for page in walk(browser, f"{path}/reason/{DOMAIN_NOT_ALLOWED}", "[0-9]+ more pages"):
        shown += [name for name in names(page) if name.endswith(".example")]

    assert (len(shown), set(shown)) == (PAGE + 4, set(hosts))
    assert shown[-1] == "acme.example"
    assert f"{PAGE + 4 - FEW} more pages" in browser.get(path).words


@pytest.mark.parametrize("code", LINES)
def test_a_line_is_shown_apart_and_cannot_be_released(
    browser: Browser, path: str, store: Store, project: Account, code: str
) -> None:
    store.use(lambda c: c.held_ledger().hold([line(project.project_id, code, OURS)]))

    page, alone = browser.get(path), browser.get(f"{path}/reason/{code}")

    assert NOTHING in page.words
    assert "Refused, nothing kept" in page.words
    for shown in (page, alone):
        assert REASONS[code].title in shown.words
        assert OURS in shown.words
        assert "Release" not in shown.words.replace("Release what waits", "")
    assert browser.get(f"{path}/reason/{code}/release").status == 404
    assert browser.post(f"{path}/reason/{code}/release").status == 404


def test_who_tried_again_and_got_through_is_shown_with_the_lead(
    browser: Browser, path: str, server: Server, project: Account
) -> None:
    from_page(server, project, OURS, email="ada@example.com")
    from_page(server, project, OURS, email="eve@example.com")
    send(server, project, {"email": "Ada@Example.com"}, 201)

    page = browser.get(path)

    lead = f"{CONSOLE}/projects/{project.project_id}/leads/1"
    assert re.findall(r'href="([^"]+)">Came in as lead', page.text) == [lead]


def test_what_is_no_reason_is_not_there(browser: Browser, path: str) -> None:
    assert browser.get(f"{path}/reason/NONSENSE").status == 404


def test_a_revoked_key_is_answered_with_the_way_to_another(
    browser: Browser, path: str, store: Store, project: Account
) -> None:
    store.use(lambda c: c.held_ledger().hold([line(project.project_id, KEY_REVOKED)]))

    assert f'href="{CONSOLE}/projects/{project.project_id}/settings/keys">API keys<' in (
        browser.get(path).text
    )
