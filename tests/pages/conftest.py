"""A real browser, and the programs of other languages; who lacks one is told how to get it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

SCRIPT = Path(__file__).parents[2] / "scripts" / "programs.py"


@pytest.fixture(scope="session", autouse=True)
def _everything_is_there() -> None:
    """A missing program is a failure, and never a test that was left out."""
    told = subprocess.run(
        [sys.executable, SCRIPT, "--check", "test-pages"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of a worker; an event loop runs beside them from then on."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
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
