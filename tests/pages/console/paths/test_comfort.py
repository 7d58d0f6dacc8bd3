"""What our own script adds: menus, copying, and moments in the reader's zone."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page

from tests.entrypoints.console.browser import Browser, signed_in
from tests.entrypoints.console.kept import keep
from tests.pages.console.conftest import NewBrowser
from tests.support.program import Server
from tests.support.stores import Store


@pytest.fixture(scope="module")
def admin(server: Server, store: Store) -> Browser:
    return signed_in(server, store, "admin@example.com", admin=True)


@pytest.fixture
def page(admin: Browser, new_browser: NewBrowser) -> Page:
    """An admin's, far from UTC."""
    browser = new_browser(admin, timezone_id="Asia/Kolkata")
    browser.grant_permissions(["clipboard-read", "clipboard-write"])
    return browser.new_page()


@pytest.mark.parametrize("width", [360, 1280])
def test_an_open_menu_stays_on_the_screen_and_closes_with_esc(
    store: Store, page: Page, width: int
) -> None:
    project = store.account(f"A rather long name of a company with many words in it, {width}")
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(f"projects/{project.project_id}")

    for menu in page.locator("details.menu").all():
        summary = menu.locator("summary")
        summary.press("Enter")
        box = menu.locator(".menu-list").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        page.keyboard.press("Escape")
        assert menu.get_attribute("open") is None
        assert summary.evaluate("it => it === document.activeElement")


def test_an_open_menu_closes_when_something_else_is_pressed(page: Page) -> None:
    page.goto("users")
    menu = page.locator("details.menu")
    menu.locator("summary").click()
    assert menu.get_attribute("open") is not None
    page.locator("h1").click()

    assert menu.get_attribute("open") is None


def test_the_first_key_skips_the_bar(page: Page) -> None:
    page.goto("users")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.locator(":focus").inner_text() == "Invite"


def test_one_press_copies_the_whole_link(page: Page) -> None:
    page.goto("users/invite")
    page.get_by_label("E-mail").fill("copied@example.com")
    page.get_by_role("button", name="Invite").click()
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for()

    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.get_by_label("Link").input_value()
    assert "/console/link?token=" in copied


def test_a_moment_is_said_in_the_readers_zone_with_utc_at_hand(page: Page) -> None:
    page.clock.set_fixed_time("2030-05-01T12:00:00Z")
    page.goto("users")
    moment = page.locator("time").first

    assert (moment.get_attribute("datetime") or "").endswith("Z")
    title = moment.get_attribute("title") or ""
    assert "GMT+5:30 (" in title
    assert title.endswith("UTC)")
    assert "UTC" not in moment.inner_text()


def test_in_a_conversation_the_hour_is_said_too_and_to_a_reader_in_utc_a_moment_once(
    store: Store, admin: Browser, new_browser: NewBrowser
) -> None:
    project = store.account()
    at = datetime(2026, 11, 3, 14, 5, tzinfo=UTC)
    keep(store, project, {"details": {"attributes": {"message": "Hello"}}, "captured_at": at})
    page = new_browser(admin, timezone_id="UTC").new_page()
    page.clock.set_fixed_time("2030-05-01T12:00:00Z")
    page.goto(f"projects/{project.project_id}/leads/1")

    moment = page.locator("li time")
    assert moment.inner_text() == "3 Nov 2026 14:05"
    assert moment.get_attribute("title") == "3 Nov 2026, 14:05:00 UTC"
