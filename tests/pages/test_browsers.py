"""What a page sends in a real browser, from an allowed origin and from a foreign one."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.pages.sites import a_site
from tests.support.program import Server, serving
from tests.support.servers.log_search import remember_body
from tests.support.stores import Account, Store

LEAD = '{"name": "Zoë Müller"}'
HEADERS = "{'Content-Type': 'application/json', 'X-Api-Key': key}"

WAYS = {
    "fetch": f"fetch(url, {{method: 'POST', headers: {HEADERS}, body}})",
    "fetch with keepalive": (
        f"fetch(url, {{method: 'POST', keepalive: true, headers: {HEADERS}, body}})"
    ),
    "fetch with headers of error trackers": f"""fetch(url, {{method: 'POST', body, headers: {{
        ...{HEADERS}, 'Sentry-Trace': '1-1-0', baggage: 'a=b', 'X-Requested-With': 'XMLHttpRequest'
    }}}})""",
    "fetch without Content-Type, the key in the address": (
        "fetch(`${url}?api_key=${key}`, {method: 'POST', body})"
    ),
    "fetch with credentials": (
        f"fetch(url, {{method: 'POST', credentials: 'include', headers: {HEADERS}, body}})"
    ),
    "XHR with credentials": """new Promise((resolve) => {
        const xhr = new XMLHttpRequest();
        xhr.open('POST', url);
        xhr.withCredentials = true;
        xhr.setRequestHeader('Content-Type', 'application/json');
        xhr.setRequestHeader('X-Api-Key', key);
        xhr.onload = () => resolve(new Response(xhr.response, {status: xhr.status}));
        xhr.onerror = () => resolve(new Response('{}', {status: 599}));
        xhr.send(body);
    })""",
}
"""Of these the page's script reads the answer."""

BLIND_WAYS = {
    "beacon with a string": "navigator.sendBeacon(`${url}?api_key=${key}`, body)",
    "beacon with JSON": (
        "navigator.sendBeacon(`${url}?api_key=${key}`,"
        " new Blob([body], {type: 'application/json'}))"
    ),
    "no-cors": "fetch(`${url}?api_key=${key}`, {method: 'POST', mode: 'no-cors', body})",
}
"""Of these it sees nothing."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("service") / "leads.db")


@pytest.fixture(scope="module")
def server(store: Store) -> Iterator[Server]:
    remember_body(LEAD.encode())
    with serving(store) as server:
        yield server


@pytest.fixture(scope="module")
def allowed() -> Iterator[str]:
    """The origin of a site that the project allows."""
    with a_site({"/": "<title>Ours</title>"}) as site:
        yield site


@pytest.fixture(scope="module")
def foreign() -> Iterator[str]:
    """The origin of a site that the project does not know."""
    with a_site({"/": "<title>Another's</title>"}) as site:
        yield site


@pytest.fixture
def account(store: Store, allowed: str) -> Account:
    return store.account(domains=[allowed])


def _run(page: Page, site: str, way: str, server: Server, account: Account) -> Any:
    """What *way* gives, run in a page of *site*."""
    page.goto(site)
    names = {"url": f"{server.url}/api/public/lead", "key": account.key, "body": LEAD}
    return page.evaluate(f"async ({{url, key, body}}) => {{ return {way} }}", names)


def _answer(way: str) -> str:
    return f"(async () => {{ const a = await {way}; return [a.status, await a.json()] }})()"


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_page_of_an_allowed_site_makes_a_lead_and_reads_its_number(
    store: Store, server: Server, account: Account, page: Page, allowed: str, way: str
) -> None:
    status, said = _run(page, allowed, _answer(way), server, account)

    assert (status, said.get("lead_id")) == (201, 1)
    assert [lead.details.name for lead in store.leads(account)] == ["Zoë Müller"]


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_page_of_a_foreign_site_reads_why_it_makes_none(
    store: Store, server: Server, account: Account, page: Page, foreign: str, way: str
) -> None:
    status, said = _run(page, foreign, _answer(way), server, account)

    assert (status, said.get("code")) == (403, "DOMAIN_NOT_ALLOWED")
    assert store.leads(account) == []


@pytest.mark.parametrize("way", BLIND_WAYS.values(), ids=BLIND_WAYS)
def test_what_is_sent_blindly_arrives_from_an_allowed_site_alone(
    store: Store,
    server: Server,
    account: Account,
    page: Page,
    allowed: str,
    foreign: str,
    way: str,
) -> None:
    for site, status in ((foreign, 403), (allowed, 201)):
        _run(page, site, way, server, account)
        server.line_with(project_id=account.project_id, status=status)

    assert [lead.details.name for lead in store.leads(account)] == ["Zoë Müller"]


@pytest.mark.parametrize("policy", ["no-referrer", "same-origin", "origin", "unsafe-url"])
@pytest.mark.parametrize("way", [WAYS["fetch"], BLIND_WAYS["beacon with a string"]])
def test_a_policy_about_the_referrer_hides_no_origin_of_what_a_script_sends(
    server: Server, account: Account, page: Page, allowed: str, policy: str, way: str
) -> None:
    head = f"document.head.innerHTML = '<meta name=referrer content={policy}>'"

    _run(page, allowed, f"({head}, {way})", server, account)

    server.line_with(project_id=account.project_id, status=201)


FORM_OF_JSON = """{
    document.head.innerHTML = '<meta name=referrer content=no-referrer>';
    const form = document.createElement('form');
    Object.assign(form, {method: 'post', enctype: 'text/plain', action: `${url}?api_key=${key}`});
    const input = document.createElement('input');
    Object.assign(input, {name: '{"name": "Zoë Müller", "rest": "', value: '"}'});
    form.append(input);
    document.body.append(form);
    form.submit();
}"""


def test_a_form_of_a_page_that_hides_its_referrer_needs_the_entry_null(
    store: Store, server: Server, page: Page, allowed: str
) -> None:
    without, with_it = (store.account(domains=[allowed, *more]) for more in ([], ["null"]))

    for account, status in ((without, 403), (with_it, 201)):
        # By its address: to open the site is a navigation, too.
        with page.expect_navigation(url="**/api/public/lead**"):
            _run(page, allowed, f"(() => {FORM_OF_JSON})()", server, account)
        server.line_with(project_id=account.project_id, status=status)

    assert [lead.details.name for lead in store.leads(with_it)] == ["Zoë Müller"]
