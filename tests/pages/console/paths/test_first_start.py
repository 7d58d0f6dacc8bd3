"""The first two minutes: from the link that `make run` prints to a lead that its page makes."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.pages.console.conftest import NewBrowser
from tests.support.servers.quickstart import quickstart


class Started(NamedTuple):
    """A server that was just started, and the link that it printed."""

    url: str
    link: str


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Started]:
    """One for each test: the link works once."""
    with quickstart(tmp_path / "swiftcrm.db") as printed:
        [link] = [line.strip() for line in printed if "/console/link?" in line]
        at = urlsplit(link)
        yield Started(f"{at.scheme}://{at.netloc}", link)


def test_the_printed_link_one_button_and_a_form_make_a_lead_that_is_seen_in_the_list(
    server: Started, new_browser: NewBrowser, has_script: bool
) -> None:
    page = new_browser(java_script_enabled=has_script).new_page()
    page.goto(server.link)
    page.get_by_role("button", name="Open the console").click()
    expect(page.get_by_role("heading", name="First steps", level=1)).to_be_visible()

    page.get_by_label("Name").fill("Ada Lovelace")
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_role("button", name="Make a lead").click()
    expect(page.get_by_role("rowheader", name="Ada Lovelace")).to_be_visible()

    page.get_by_role("link", name="Leads", exact=True).click()
    expect(page.get_by_role("heading", name="Leads", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="ada@example.com")).to_be_visible()
