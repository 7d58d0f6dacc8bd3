"""Everybody can use each page: judged by axe-core, light and dark, and by the keyboard alone."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.pages.console.conftest import Judge, NewBrowser
from tests.pages.console.hostile import MARKUP

AXE = (Path(__file__).parents[1] / "node_modules/axe-core/axe.min.js").read_text("utf-8")
MATTERS = ("serious", "critical")
LOOKS: Sequence[dict[str, Any]] = (
    {"color_scheme": "light", "viewport": {"width": 1280, "height": 800}},
    {"color_scheme": "dark", "viewport": {"width": 390, "height": 844}},
)

_NUMBER = """() => {
    const all = 'a[href], button, input:not([type=hidden]), select, textarea, summary';
    const ofGroup = ({ name }, more) => document.querySelector(`[name="${name}"]${more}`);
    // Of one group of radio buttons Tab reaches one, and arrows the others.
    const isReached = (it) => it.checkVisibility()
        && (it.type !== 'radio' || it === (ofGroup(it, ':checked') ?? ofGroup(it, '')));
    window.numbered = [...document.querySelectorAll(all)].filter(isReached);
    numbered[0].focus();
}"""
_FOCUSED = """() => {
    const it = document.activeElement;
    const { outlineStyle, outlineWidth } = getComputedStyle(it);
    const { left, right, top, bottom, height } = it.getBoundingClientRect();
    // A browser does not scroll to the end of what is tall if most of it is seen.
    const seen = Math.min(bottom, innerHeight) - Math.max(top, 0);
    const isOnScreen = left >= 0 && right <= innerWidth && seen > height / 2;
    const isShown = outlineStyle !== 'none' && outlineWidth !== '0px' && isOnScreen;
    return [numbered.indexOf(it), isShown];
}"""
"""The number of what has the focus, and whether somebody sees that it has."""

_IS_DAY = "document.activeElement.type === 'date'"
PARTS_OF_A_DAY = 4
"""Tab reaches month, day, year and calendar, one after the other."""


def _barriers(page: Page) -> Sequence[str]:
    """What shuts somebody out of *page*: the rule, and where."""
    page.evaluate(AXE)
    judged = page.evaluate("axe.run({resultTypes: ['violations']})")
    return [
        f"{one['id']}: {node['html'][:200]} {node['failureSummary']}"
        for one in judged["violations"]
        if one["impact"] in MATTERS
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("look", LOOKS, ids=["light, wide", "dark, narrow"])
def test_no_page_shuts_anybody_out(judge: Judge, look: dict[str, Any]) -> None:
    assert judge(_barriers, **look) == {}


def test_what_answers_a_form_shuts_nobody_out(judge_answers: Judge) -> None:
    assert judge_answers(_barriers, [MARKUP]) == {}


def test_a_barrier_would_be_noticed(new_browser: NewBrowser) -> None:
    page = new_browser().new_page()
    page.goto("sign-in")
    page.locator("label").first.evaluate("it => it.remove()")

    assert [said.partition(":")[0] for said in _barriers(page)] == ["label"]


def test_what_can_be_pressed_is_reached_by_tab_in_its_order_and_shows_that(judge: Judge) -> None:
    assert judge(_not_reached) == {}


def _not_reached(page: Page) -> Any:
    """What has the focus after each press of Tab, unless all is as it should be."""
    page.evaluate(_NUMBER)
    reached = []
    for _ in range(page.evaluate("numbered.length - 1")):
        for _ in range(PARTS_OF_A_DAY if page.evaluate(_IS_DAY) else 1):
            page.keyboard.press("Tab")
        reached.append(page.evaluate(_FOCUSED))
    return reached if reached != [[n, True] for n in range(1, len(reached) + 1)] else None
