"""How a page lies on a screen and on paper, and how heavy it is."""

from typing import Any

from playwright.sync_api import Page, Route

from entrypoints.console.frame.static_files import static_files
from tests.entrypoints.console.browser import CONSOLE
from tests.pages.console.conftest import Judge, NewBrowser
from tests.pages.console.hostile import House

HEAVIEST_PAGE = 60_000
THUMB = 44
"""Pixels."""
MOST_FILES = 3
"""The look, the script, and the icon; how heavy those are is tested where they are read."""
PAPER = {"width": 680, "height": 1000}
"""A4 with the margins that browsers leave, in pixels of CSS."""

SCREENS = {
    "a small phone": (320, "100%"),
    "1280 pixels at 200 %": (640, "100%"),
    "a wide screen": (1920, "100%"),
    "text of twice the size": (1280, "200%"),
}
"""By width, and size of text."""

STICKS_OUT = """() => {
    const most = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= most) return [];
    const wide = (it) => it.getBoundingClientRect().right > most + 1;
    return [...document.body.querySelectorAll('*')].filter(wide).map((it) => it.outerHTML);
}"""
TOO_LOW = """least => [...document.querySelectorAll('summary, .tabs a')]
    .filter((it) => it.checkVisibility() && it.offsetHeight < least)
    .map((it) => it.outerHTML)"""
SHIFTS = """async (script) => {
    const frames = () => new Promise((resolve) => {
        requestAnimationFrame(() => requestAnimationFrame(resolve));
    });
    const moved = [];
    new PerformanceObserver((list) => {
        for (const { sources } of list.getEntries()) {
            for (const { node } of sources) moved.push(node?.outerHTML ?? node?.data ?? 'gone');
        }
    }).observe({ type: 'layout-shift', buffered: true });
    await frames();
    await import(script);
    await frames();
    for (const words of ['today 23:59 UTC', 'just now', 'today 23:59']) {
        const times = document.querySelectorAll('td time, time.ends, .head time');
        for (const time of times) time.textContent = words;
        await frames();
    }
    return moved;
}"""
"""
What moved before *script* came, when it did, or when moments are said otherwise that are in tables,
at the end of a sentence, or in the head of a page.
"""
PARSED = "() => document.readyState === 'interactive'"
A_WHILE = "() => new Promise((resolve) => { setTimeout(resolve, 300); })"
"""In which a browser shows what it has of a page, unless it is told to wait."""
WAITED = """() => {
    const [shown] = performance.getEntriesByName('first-paint');
    const script = performance.getEntriesByType('resource').find((it) => it.name.endsWith('.js'));
    return shown && { value: shown.startTime > script.responseEnd };
}"""
"""Whether the page was shown after its script had come, as soon as it is shown."""
ON_PAPER = """() => {
    const shown = (all) => [...document.querySelectorAll(all)].filter((it) => it.checkVisibility());
    if (shown('h1').length !== 1) return ['not one heading'];
    return shown('button, .button, .bar, nav').map((it) => it.outerHTML);
}"""
"""What is wrong with a page that is printed."""
WEIGHT = """() => [
    performance.getEntriesByType('navigation')[0].decodedBodySize,
    performance.getEntriesByType('resource').length,
]"""


def test_no_page_scrolls_sideways_or_has_what_a_thumb_would_miss(judge: Judge) -> None:
    def misfits(page: Page) -> Any:
        found = {}
        for screen, (width, text_size) in SCREENS.items():
            page.set_viewport_size({"width": width, "height": 740})
            page.evaluate("size => document.documentElement.style.fontSize = size", text_size)
            found[screen] = page.evaluate(STICKS_OUT) + page.evaluate(TOO_LOW, THUMB)
        return {screen: parts for screen, parts in found.items() if parts}

    assert judge(misfits) == {}


def test_on_paper_is_what_a_page_says_and_nothing_that_one_presses(judge: Judge) -> None:
    def wrong_on_paper(page: Page) -> Any:
        page.emulate_media(media="print")
        return page.evaluate(ON_PAPER) + page.evaluate(STICKS_OUT)

    assert judge(wrong_on_paper, viewport=PAPER) == {}


def test_nothing_moves_when_our_script_comes_late_or_says_moments_otherwise(
    judge: Judge,
) -> None:
    script = f"{CONSOLE}/static/{static_files()['console.js'].name}?late"

    def moved(page: Page) -> Any:
        return page.evaluate(SHIFTS, script)

    phone = {"width": 390, "height": 844}
    assert judge(moved, our_script=False) | judge(moved, our_script=False, viewport=phone) == {}


def test_a_page_is_shown_once_it_is_whole_and_its_script_has_run(
    house: House, new_browser: NewBrowser
) -> None:
    """In pieces it would move: a menu's words come before the rest of the menu, for instance."""
    page = new_browser(house.admin).new_page()

    def script_comes_late(route: Route) -> None:
        page.wait_for_function(PARSED, polling=10)
        page.evaluate(A_WHILE)
        route.fallback()

    page.route("**/console*.js", script_comes_late)
    page.goto(CONSOLE)

    assert page.wait_for_function(WAITED, polling=10).json_value() == {"value": True}


def test_a_page_is_light_and_asks_for_its_look_and_its_script_alone(judge: Judge) -> None:
    def too_heavy(page: Page) -> Any:
        weight, asked = page.evaluate(WEIGHT)
        return None if weight < HEAVIEST_PAGE and asked <= MOST_FILES else (weight, asked)

    assert judge(too_heavy) == {}
