"""What a page says for once, and what an address cannot make it say."""

import pytest

from entrypoints.console import words
from entrypoints.console.frame.cookies import Cookie
from tests.entrypoints.console.browser import CONSOLE, Browser
from tests.support.stores import Account


def test_what_was_done_is_said_once(member: Browser, acme: Account) -> None:
    path = f"/projects/{acme.project_id}/settings"
    saved = member.post(path, {"name": "Acme Ltd", "domains": ""})
    first, again = member.get(path), member.get(path)

    assert (saved.status, saved.location) == (303, f"{CONSOLE}{path}")
    assert words.DONE["project-saved"] in first.words
    assert words.DONE["project-saved"] not in again.words


@pytest.mark.parametrize("path", ["/account", "/sign-in"])
def test_a_link_cannot_say_that_something_was_done(
    member: Browser, visitor: Browser, path: str
) -> None:
    browser = visitor if path == "/sign-in" else member

    assert words.DONE["password-changed"] not in browser.get(f"{path}?done=password-changed").words


def test_only_our_own_sentences_are_said(visitor: Browser) -> None:
    visitor.cookies = {Cookie.DONE.value: "evil"}

    assert "evil" not in visitor.get("/sign-in").text
    assert Cookie.DONE not in visitor.cookies
