"""A real browser, and the programs of other languages; who lacks one is told how to get it."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright


@pytest.fixture(scope="session", autouse=True)
def _everything_is_there(check_programs: Callable[[str], None]) -> None:
    check_programs("test-pages")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of a worker; an event loop runs beside them from then on."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--host-resolver-rules=MAP *.example.com 127.0.0.1"],
            chromium_sandbox=os.geteuid() != 0,  # root may not have one
        )
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page of a visitor who has never been here."""
    context = chromium.new_context()
    yield context.new_page()
    context.close()
