"""How other pages than the example send a lead: a real browser allows it, or the lead is lost."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.pages.sites import a_site
from tests.support.program import serving
from tests.support.stores import Store

WAYS = {
    "a JSON beacon": (
        "navigator.sendBeacon(`${url}?api_key=${key}`,"
        " new Blob(['{}'], {type: 'application/json'}))"
    ),
    "a library's headers and cookies": (
        "fetch(url, {method: 'POST', body: '{}', credentials: 'include', headers:"
        " {'X-Api-Key': key, 'X-Requested-With': 'XMLHttpRequest', 'Sentry-Trace': '1'}})"
    ),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_a_page_may_send_a_lead_in_this_way(page: Page, tmp_path: Path, way: str) -> None:
    store = Store(tmp_path / "leads.db")
    account = store.account()
    with serving(store) as server, a_site({"/": "<!doctype html>"}) as site:
        page.goto(site)
        page.evaluate(
            f"([url, key]) => {{ {way} }}", [f"{server.url}/api/public/lead", account.key]
        )
        line = server.line_with(method="POST", path="/api/public/lead")

    assert line["status"] == 201
