"""A marketer's Monday: which campaign brought whom, with script and without."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from domain.identity import Identity
from tests.entrypoints.console.browser import signed_in
from tests.entrypoints.console.kept import keep
from tests.pages.console.conftest import NewBrowser
from tests.support.builders import a_message
from tests.support.program import Server
from tests.support.stores import Account, Store

AD = {"source_type": "ad", "source_id": "7", "headline": "Roofs", "ctwa_clid": "0815"}
ADA = {"name": "Ada Lovelace", "phone": "+919812345678"}


@pytest.fixture
def account(store: Store, server: Server) -> Account:
    """Ada asked by a form two weeks ago; last week an ad made her write."""
    account = store.account()
    today = datetime.now(UTC)
    last_week, before = today - timedelta(days=7), today - timedelta(days=14)
    ad = {
        "channel": "whatsapp",
        "identities": (Identity("phone", "919812345678"),),
        "captured_at": last_week,
    }
    keep(
        store,
        account,
        {"details": {**ADA, "attributes": AD}, "captured_at": before},
        {**ad, "details": {**ADA, "attributes": AD}, "message": a_message(text="A new roof?")},
        {"details": {"name": "Grace", "utm": {"utm_source": "news"}}, "captured_at": last_week},
    )
    keep(store, account, {**ad, "message": a_message(type="image", text="our roof")})
    return account


def test_the_leads_of_one_campaign_are_found_opened_and_taken_along(
    store: Store, server: Server, account: Account, new_browser: NewBrowser, has_script: bool
) -> None:
    her = signed_in(server, store, f"{has_script}@example.com", projects=(account.project_id,))
    page = new_browser(her, java_script_enabled=has_script).new_page()
    page.goto(f"projects/{account.project_id}")
    page.get_by_role("link", name="Leads", exact=True).click()

    page.get_by_label("Source").fill("meta")
    page.get_by_label("Campaign").fill("Roofs")
    today = datetime.now(UTC).date()
    page.get_by_label("From", exact=True).fill(f"{today - timedelta(days=8)}")
    page.get_by_label("To", exact=True).fill(f"{today}")
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_text("1 lead, source meta, campaign Roofs")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Excel").click()

    book = load_workbook(BytesIO(download.value.path().read_bytes()))
    head, *rows = book.active.iter_rows(values_only=True)
    [row] = (dict(zip(head, row, strict=True)) for row in rows)
    assert (row["phone"], row["click_ids.ctwa_clid"]) == (ADA["phone"], "0815")
    assert download.value.suggested_filename.endswith(f" leads {today}.xlsx")

    page.get_by_role("link", name=ADA["name"]).click()
    expect(page.get_by_text("Meta ad, campaign Roofs. First seen")).to_be_visible()
    expect(page.locator(".talk li")).to_contain_text(["A new roof?", "our roof"])
    expect(page.get_by_role("link", name="WhatsApp")).to_have_attribute(
        "href", "https://wa.me/919812345678"
    )
    page.locator(".same").get_by_role("link", name=ADA["name"]).click()
    expect(page).to_have_url(f"{server.url}/console/projects/{account.project_id}/leads/1")
    page.go_back()
    page.go_back()
    expect(page.get_by_label("Campaign")).to_have_value("Roofs")
