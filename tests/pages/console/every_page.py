"""Every page, from the table of its routes, and every form on them: a new one is tried unasked."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import gettempdir
from urllib.parse import urlsplit

from playwright.sync_api import Page

from entrypoints.console.frame.blueprint import pages
from entrypoints.console.frame.rules import GET, Rule
from entrypoints.container import Container
from entrypoints.process.settings import Settings
from tests.entrypoints.console.browser import CONSOLE

_LEADS = "/projects/<project_id:str>/leads"
NO_PAGES = {f"{_LEADS}/newest", f"{_LEADS}/export/<form:str>"}
"""What a script asks for, to put it into a page, and files."""
ENDS = ("/remove", "/revoke", "/sign-out", "/sign-out-everywhere")
"""Of forms after which others are not there any more, in this order; the longer of two is last."""
_NAME = re.compile(r"<(\w+):\w+>")


def addresses(worlds: Sequence[Mapping[str, str]]) -> Sequence[str]:
    """
    Every path that GET opens for who is signed in, below the console.

    Args:
        worlds: What each name in a path stands for; a new name is added in `hostile.py`.
    """
    nowhere = Path(gettempdir()) / "nobody-opens-this.db"
    routes = pages(Container(settings=Settings(database_url=f"sqlite:///{nowhere}")))
    found = [
        _NAME.sub(lambda match, world=world: world[match[1]], route.path)
        for route in routes
        if route.method == GET and route.rule is not Rule.NOBODY and route.path not in NO_PAGES
        for world in worlds
    ]
    return [*dict.fromkeys(found)]


def opened(page: Page, paths: Sequence[str]) -> Iterator[str]:
    """Open each of *paths*, one after the other."""
    for path in paths:
        page.goto(f"{CONSOLE}{path}")
        asked, shown = urlsplit(path), urlsplit(page.url)
        assert shown.path == f"{CONSOLE}{asked.path}", f"{path} led to {shown.path}"
        yield path


def answered(page: Page, paths: Sequence[str], texts: Sequence[str]) -> Iterator[str]:
    """
    Send each form of the pages at *paths* with each of *texts* in all that can be filled in.

    The page that answers is open then, and what is yielded says of what it is the answer. A form
    that has done its work is not there for the next text.
    """
    first_page = {action: path for path in reversed(paths) for action in _actions(page, path)}
    for action in sorted(first_page, key=_ends):
        for text in texts:
            page.goto(f"{CONSOLE}{first_page[action]}")
            form = page.locator(f'form[action="{action}"]')
            if form.count():
                form.first.evaluate(_FILL_IN, text)
                form.first.locator("button:not([type=button])").first.click()
                yield f"{first_page[action]}: POST {action}"


def _actions(page: Page, path: str) -> Sequence[str]:
    page.goto(f"{CONSOLE}{path}")
    found: Sequence[str] = page.locator("form[method=post]").evaluate_all(
        "forms => forms.map((form) => form.getAttribute('action'))"
    )
    return found


def _ends(action: str) -> int:
    path = urlsplit(action).path
    return next((n for n, end in enumerate(ENDS, 1) if path.endswith(end)), 0)


_FILL_IN = """(form, text) => {
    for (let it = form; it; it = it.parentElement) if (it.tagName === 'DETAILS') it.open = true;
    for (const details of form.querySelectorAll('details')) details.open = true;
    for (const field of form.querySelectorAll('input, textarea')) {
        if (['checkbox', 'radio'].includes(field.type)) field.checked = true;
        else if (field.type !== 'hidden') field.value = text;
    }
}"""
