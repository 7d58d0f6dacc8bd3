"""Browsers that are watched: a page that breaks our own policy fails whichever test opened it."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page

from entrypoints.console.frame.answers import HEADERS
from tests.entrypoints.console.browser import CONSOLE, Browser, signed_in
from tests.pages.console.every_page import addresses, answered, opened
from tests.pages.console.hostile import House, beyond, furnish
from tests.pages.console.watching import Watch
from tests.support.program import Server, serving
from tests.support.stores import Store

NOBODY_LISTENS = "http://127.0.0.1:9"
EMPTY_SCRIPT = {**HEADERS, "Content-Type": "text/javascript"}
NewBrowser = Callable[..., BrowserContext]
Wrong = Callable[[Page], Any]
"""What is wrong with the page that is open; nothing, if it is as it should be."""
Judge = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("console") / "leads.db")


@pytest.fixture(scope="module")
def server(store: Store) -> Iterator[Server]:
    """One for all tests of a module. No test delivery of a channel comes back to it."""
    with serving(store, public_url=NOBODY_LISTENS) as server:
        yield server


@pytest.fixture
def watch(server: Server) -> Iterator[Watch]:
    watch = Watch(server.url)
    yield watch
    assert watch.found == []


@pytest.fixture
def new_browser(chromium: Chromium, server: Server, watch: Watch) -> Iterator[NewBrowser]:
    """
    Makes a browser that knows nobody, or has the session of *user*.

    Its addresses are relative to the console, and it is watched. Else it is as Playwright's
    `new_context` makes it.
    """
    contexts = []

    def new(user: Browser | None = None, **options: Any) -> BrowserContext:
        url = f"{server.url}{CONSOLE}"
        context = chromium.new_context(base_url=f"{url}/", **options)
        contexts.append(context)
        context.set_default_timeout(10_000)
        watch.over(context)
        if user is not None:
            kept = user.cookies.items()
            context.add_cookies([{"name": name, "value": v, "url": url} for name, v in kept])
        return context

    yield new
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def house(store: Store, server: Server) -> House:
    """The store of the module, in which all that somebody else may write is hostile."""
    return furnish(store, server)


@pytest.fixture
def judge(house: House, new_browser: NewBrowser) -> Judge:
    """What is wrong with each page: an admin's, a member's without projects, and anybody's."""

    def judge(wrong: Wrong, *, our_script: bool = True, **options: Any) -> dict[str, Any]:
        found = {}
        everybody: list[tuple[Browser | None, Sequence[str]]] = [
            (house.admin, addresses(house.worlds)),
            (house.member, ["", "/account"]),
            (None, beyond(house)),
        ]
        for user, paths in everybody:
            browser = new_browser(user, **options)
            page = (browser if our_script else _without_our_script(browser)).new_page()
            found |= {path: said for path in opened(page, paths) if (said := wrong(page))}
        return found

    return judge


@pytest.fixture
def judge_answers(server: Server, store: Store, house: House, new_browser: NewBrowser) -> Judge:
    """What is wrong with what answers each form, an admin's and those of links."""

    def judge(wrong: Wrong, texts: Sequence[str]) -> dict[str, Any]:
        admin = signed_in(server, store, "answered@example.com", admin=True)
        found = {}
        for user, paths in ((None, beyond(house)), (admin, addresses(house.worlds[:2]))):
            page = _without_our_script(new_browser(user)).new_page()
            found |= {what: said for what in answered(page, paths, texts) if (said := wrong(page))}
        return found

    return judge


def _without_our_script(browser: BrowserContext) -> BrowserContext:
    """A form that our script sends has no page for an answer; scripts of the tests still run."""
    browser.route("**/*.js", lambda route: route.fulfill(headers=EMPTY_SCRIPT, body=""))
    return browser


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def has_script(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)
