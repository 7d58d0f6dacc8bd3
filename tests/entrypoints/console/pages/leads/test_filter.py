"""Leads that somebody looks for: by whom, where they came from, and when."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sanic.request import RequestParameters

from application.leads.find import Found
from application.leads.report import LeadReport
from entrypoints.console.frame.templates import environment
from entrypoints.console.frame.visit import Visit
from entrypoints.console.leads.filters import NO_DAY
from entrypoints.console.pages.leads.leads import LeadsPage
from tests.entrypoints.console.browser import Browser, Page, signed_in
from tests.entrypoints.console.kept import keep
from tests.entrypoints.exports.tables import a_lead
from tests.support.builders import NOW, a_project
from tests.support.clocks import StillClock
from tests.support.program import Server, serving
from tests.support.repetitions import KINDS_TRIED
from tests.support.stores import Account, Store, a_store

MANY = 120
GOOGLE = {"utm_source": "Google", "utm_campaign": "Spring"}
NEWS = {"utm_source": "news", "utm_campaign": "Spring"}


@pytest.fixture(scope="module")
def searched(store: Store, server: Server) -> Account:
    """A project with a lead for each thing that may be looked for."""
    account = store.account("Searched")
    day = datetime(NOW.year, 11, 3, 23, 59, 59, 999000, tzinfo=UTC)
    keep(
        store,
        account,
        {"details": {"name": "Ada Lovelace", "utm": GOOGLE}, "captured_at": day},
        {"details": {"email": "grace@example.com", "utm": NEWS}},
        {"details": {"phone": "+44 20 7946-0000", "utm": {"utm_source": "google"}}},
        {"details": {"attributes": {"message": "Hello"}}, "channel": "whatsapp"},
        {"details": {"name": "adam"}, "captured_at": day + timedelta(milliseconds=1)},
    )
    return account


def numbers(page: Page) -> list[int]:
    return [int(number) for number in re.findall(r'data-lead="(\d+)"', page.text)]


def opened(browser: Browser, account: Account, query: str) -> Page:
    return browser.get(f"/projects/{account.project_id}/leads?{query}")


@pytest.mark.parametrize(
    ("query", "found", "said"),
    [
        ("search=ADA", [5, 1], "2 leads with “ ADA ”"),
        ("search=%2344", [], "No lead with “ #44 ”"),
        ("search=%232", [2], "1 lead with “ #2 ”"),
        ("search=4420794", [3], "1 lead with “ 4420794 ”"),
        ("channel=whatsapp", [4], "1 lead from WhatsApp"),
        ("source=GOOGLE", [3, 1], "2 leads , source GOOGLE"),
        ("source=google&campaign=Spring", [1], "1 lead , source google , campaign Spring"),
        ("campaign=not+known", [5, 4, 3], "3 leads , campaign not known"),
        ("from=2026-11-03&to=2026-11-03", [1], "1 lead , 3 Nov (UTC)"),
        ("to=2026-11-04", [5, 1], "2 leads to 4 Nov (UTC)"),
        ("no_contact=on", [4], "1 lead without contact"),
    ],
)
def test_it_finds_what_is_asked_for_and_says_so(
    admin: Browser, searched: Account, query: str, found: list[int], said: str
) -> None:
    page = opened(admin, searched, query)

    assert numbers(page) == found
    assert f"{said} Clear" in page.words


def test_a_campaign_in_another_case_leads_to_the_one_that_is_meant(
    admin: Browser, searched: Account
) -> None:
    page = opened(admin, searched, "source=google&campaign=spring")

    assert "No lead , source google , campaign spring . Did you mean Spring ? Clear" in page.words
    assert 'leads?source=google&amp;campaign=Spring"><bdi>Spring<' in page.text


def test_empty_fields_are_left_out_of_the_address(admin: Browser, searched: Account) -> None:
    page = opened(admin, searched, "search=&channel=whatsapp&source=&from=&to=&before=")

    path = f"/console/projects/{searched.project_id}/leads"
    assert (page.status, page.location) == (303, f"{path}?channel=whatsapp")


def test_what_was_typed_stays_and_a_wrong_day_is_named(admin: Browser, searched: Account) -> None:
    page = opened(admin, searched, "search=%22%3E%3Cb&from=yesterday&to=2026-11-03")

    assert (page.status, numbers(page)) == (422, [])
    assert NO_DAY in page.words
    assert 'value="&#34;&gt;&lt;b"' in page.text
    assert 'value="2026-11-03"' in page.text


def test_what_brought_leads_lately_is_offered(admin: Browser, searched: Account) -> None:
    page = opened(admin, searched, "source=news")

    offered = re.findall(r'<option value="([^"]*)"', page.text)
    assert {"rest", "whatsapp", "google", "news", "Spring", "not known"} <= {*offered}


def test_the_script_adds_no_lead_to_those_that_are_counted(
    admin: Browser, searched: Account
) -> None:
    pages = [opened(admin, searched, query) for query in ("", "source=google", "search=ada")]

    assert ["data-newest" in page.text for page in pages] == [True, False, False]


@pytest.fixture(params=KINDS_TRIED)
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Store, Server]]:
    """A server of each store."""
    url = lambda: request.getfixturevalue("mongod").url()  # noqa: E731  started only if needed
    store = a_store(request.param, tmp_path, url)
    with serving(store) as server:
        yield store, server


def test_while_others_come_in_none_is_skipped_and_none_is_there_twice(
    either: tuple[Store, Server],
) -> None:
    store, server = either
    account, others = store.account(), {"details": {"utm": NEWS}}
    ours = {"details": {"utm": GOOGLE}}
    keep(store, account, *[ours, others] * MANY)
    browser = signed_in(server, store, "her@example.com", admin=True)

    def walk(page: Page, words: str) -> Iterator[Page]:
        yield page
        while found := re.search(rf'href="/console([^"]+)">{words}<', page.text):
            keep(store, account, ours, others)
            page = browser.get(found[1].replace("&amp;", "&"))
            yield page

    older = [*walk(opened(browser, account, "source=google"), "Older")]
    newer = [*walk(older[-1], "Newer")]

    assert [n for page in older for n in numbers(page)] == [*range(2 * MANY - 1, 0, -2)]
    back = [n for page in reversed(newer) for n in numbers(page)]
    assert len(back) == MANY + len(older) - 1 + len(newer) - 1
    assert back == [*range(2 * len(back) - 1, 0, -2)]


class _Slow:
    """Finds one lead before its time is over, whatever is looked for."""

    async def page(self, *_: object, **__: object) -> Found:
        return Found([a_lead(9, name="Ada")], 7, NOW)

    async def count(self, *_: object) -> None: ...


async def _nothing_lately(_: str, since: date, until: date) -> LeadReport:
    return LeadReport(since=since, until=until, counts=[])


def _a_visit(asked: dict[str, str]) -> Visit:
    frame: Any = SimpleNamespace(
        templates=environment(str, str, ()),
        clock=StillClock(),
        cookies=SimpleNamespace(read=lambda *_: None, set=lambda *_: None),
        addresses=SimpleNamespace(service=lambda _: ""),
    )
    args = {name: [text] for name, text in asked.items()}
    request: Any = SimpleNamespace(headers={}, args=RequestParameters(args))
    request.get_query_args = lambda **_: asked.items()
    her: Any = SimpleNamespace(user=SimpleNamespace(email="her@example.com", admin=False))
    return Visit(frame=frame, request=request, visitor=her, token="t", project_or_none=a_project())


@pytest.mark.parametrize(
    ("place", "said", "links"),
    [
        ({}, "Looked back to just now", {"before=7": "Search older"}),
        (
            {"before": "12"},
            "Looked back to just now",
            {"after=9": "Newer", "before=7": "Search older"},
        ),
        (
            {"after": "3"},
            "Looked up to just now",
            {"after=7": "Search newer", "before=9": "Older"},
        ),
    ],
)
async def test_where_the_time_is_over_it_says_how_far_it_looked_and_goes_on_from_there(
    place: dict[str, str], said: str, links: dict[str, str]
) -> None:
    find, report, visit = _Slow(), _nothing_lately, _a_visit({"search": "ada", **place})
    page = await LeadsPage(find, report, []).show(visit)  # type: ignore[arg-type]

    text = (page.body or b"").decode()
    assert dict(re.findall(r'search=ada&amp;(\w+=\d+)">([^<]+)<', text)) == links
    assert said in " ".join(re.sub("<[^>]+>", " ", text).split()).replace(" .", ".")


def test_newer_than_all_is_the_first_page_with_the_lead_whose_number_is_looked_for(
    admin: Browser, searched: Account
) -> None:
    page = opened(admin, searched, "search=3&after=4")

    assert page.status == 303
    assert page.headers["Location"].endswith("/leads?search=3")
