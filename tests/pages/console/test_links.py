"""Links of ours, wherever they stand."""

from typing import Any

from playwright.sync_api import Page

from tests.pages.console.conftest import Judge

LINKS = """() => [...document.links]
    .filter(({ origin, pathname }) => origin === location.origin && pathname !== location.pathname)
    .map(({ pathname, search }) => pathname + search)"""
UNANSWERED = """async (paths) => {
    const found = [];
    for (const path of paths) if (!(await fetch(path)).ok) found.push(path);
    return found;
}"""


def test_every_link_of_ours_leads_to_a_page(judge: Judge) -> None:
    known: set[str] = set()

    def leads_nowhere(page: Page) -> Any:
        new = [path for path in page.evaluate(LINKS) if path not in known]
        known.update(new)
        return page.evaluate(UNANSWERED, new)

    assert judge(leads_nowhere) == {}
