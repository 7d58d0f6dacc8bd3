"""All that the filter of the list finds, as a file."""

import csv
import io
import json
import re
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from openpyxl import load_workbook

from entrypoints.console.frame.answers import HEADERS
from entrypoints.console.pages.leads.leads import FORMATS
from tests.entrypoints.console.browser import CONSOLE, Browser, Page
from tests.entrypoints.console.kept import keep
from tests.support.program import Server
from tests.support.stores import Account, Store

SPRING = {"utm_source": "Google", "utm_campaign": "Spring", "gclid": "0815"}
NAME = 'Zoë & "Sons"'


@pytest.fixture(scope="module")
def account(store: Store, server: Server) -> Account:
    account = store.account(NAME)
    touch = {"first_touch": {"utm_source": "news"}}
    keep(
        store,
        account,
        {"details": {"name": "=1+1", "phone": "+4917", "utm": SPRING, "attributes": touch}},
        {"details": {"name": "Not asked for"}},
        {"details": {"name": "Grace", "utm": SPRING, "attributes": {"budget": "007"}}},
    )
    return account


def path_of(account: Account, form: str, query: str) -> str:
    return f"/projects/{account.project_id}/leads/export/{form}?{query}"


def exported(browser: Browser, account: Account, form: str, query: str = "source=google") -> Page:
    return browser.send("GET", CONSOLE + path_of(account, form, query))


def test_a_table_has_a_column_for_each_of_what_was_sent(admin: Browser, account: Account) -> None:
    page = exported(admin, account, "csv")

    grace, first = csv.DictReader(io.StringIO(page.text.removeprefix("\ufeff"), newline=""))
    assert (grace["name"], grace["attributes.budget"]) == ("Grace", "007")
    assert (first["name"], first["phone"]) == ("'=1+1", "+4917")
    assert (first["source"], first["campaign"]) == ("google", "Spring")
    assert (first["click_ids.gclid"], first["first_touch.utm_source"]) == ("0815", "news")


def test_for_programs_it_is_a_lead_a_line(admin: Browser, account: Account) -> None:
    lines = exported(admin, account, "ndjson").text.splitlines()

    assert [json.loads(line)["lead_id"] for line in lines] == [3, 1]


def test_excel_opens_it_and_takes_no_text_for_anything_else(
    admin: Browser, account: Account
) -> None:
    sheet = load_workbook(io.BytesIO(exported(admin, account, "xlsx").content)).active

    head, grace, first = sheet.iter_rows(values_only=True)  # type: ignore[union-attr]
    assert dict(zip(head, grace, strict=True))["attributes.budget"] == "007"
    found = dict(zip(head, first, strict=True))
    assert (found["name"], found["phone"]) == ("=1+1", "+4917")
    assert (found["click_ids.gclid"], found["first_touch.utm_source"]) == ("0815", "news")
    assert isinstance(found["captured_at (UTC)"], datetime)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_it_is_kept_under_the_name_of_project_and_day_and_nowhere_else(
    admin: Browser, account: Account, method: str
) -> None:
    file = admin.send(method, CONSOLE + path_of(account, "csv", ""))

    day = f"{datetime.now(UTC):%Y-%m-%d}"
    ours, exactly = f"Zo- & -Sons- leads {day}.csv", quote(f"Zoë & -Sons- leads {day}.csv")
    said = f"attachment; filename=\"{ours}\"; filename*=UTF-8''{exactly}"
    assert file.headers["Content-Disposition"] == said
    assert file.headers["Content-Type"].startswith("text/csv")
    assert {name: file.headers[name] for name in HEADERS} == HEADERS
    assert bool(file.text) == (method == "GET")
    assert "Content-Length" not in file.headers  # nobody knows it before the file is made


def test_the_list_offers_what_its_filter_finds(admin: Browser, account: Account) -> None:
    page = admin.get(f"/projects/{account.project_id}/leads?source=google")

    links = re.findall(r'href="/console([^"]+)">(Excel|CSV|NDJSON)<', page.text)
    asked = [(path_of(account, form, "source=google"), words) for form, words in FORMATS]
    assert links == asked


def test_of_days_that_are_none_there_is_no_file(admin: Browser, account: Account) -> None:
    page = exported(admin, account, "csv", "from=yesterday")

    path = f"/console/projects/{account.project_id}/leads?from=yesterday"
    assert (page.status, page.location) == (303, path)


@pytest.mark.parametrize("form", ["pdf", "CSV"])
def test_another_format_is_not_there(admin: Browser, account: Account, form: str) -> None:
    assert exported(admin, account, form).status == 404
