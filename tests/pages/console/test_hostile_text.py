"""What somebody else wrote is text: on every page, and on what answers each form."""

import html

import pytest

from tests.pages.console.conftest import Judge, NewBrowser
from tests.pages.console.hostile import MARKUP, TURNED, House
from tests.pages.console.live import live
from tests.pages.console.watching import Watch


def test_nothing_of_it_is_live_or_turns_our_own_words_on_any_page(judge: Judge) -> None:
    assert judge(live) == {}


def test_nothing_of_it_is_live_or_turns_our_own_words_in_what_answers_a_form(
    judge_answers: Judge,
) -> None:
    assert judge_answers(live, [TURNED, MARKUP]) == {}


def test_it_is_shown_as_it_was_written(house: House, new_browser: NewBrowser) -> None:
    page = new_browser(house.admin).new_page()
    page.goto("")

    assert MARKUP in page.inner_text("main")


@pytest.mark.parametrize(
    "markup",
    [
        "<script>1</script>",
        "<img src=x>",
        "<p style='color: red'>",
        "<p onclick=1>",
        "<a href='javascript:1'>",
        "<a href='data:text/html,1'>",
        "<a href='https://example.com' rel=noopener>",
        "<form action='https://example.com'>",
        f"<p>{html.escape(TURNED)} <b>ours</b>",
        f"<p>ours {html.escape(TURNED)}",
    ],
)
def test_what_is_live_would_be_noticed(new_browser: NewBrowser, watch: Watch, markup: str) -> None:
    page = new_browser().new_page()
    page.goto("sign-in")
    page.evaluate("markup => document.body.innerHTML = markup", markup)

    assert len(live(page)) == 1
    watch.found.clear()


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (
            "document.body.innerHTML = '<p style=\"color: red\">'",
            "violation style-src",
        ),
        ("document.body.innerHTML = '<img src=\"https://example.com/x.png\">'", "img-src"),
        ("setTimeout(() => { throw Error('of ours') })", "error of ours"),
        ("setTimeout(() => alert('live'))", "dialog live"),
    ],
)
def test_a_broken_policy_a_failing_script_and_a_dialog_would_be_noticed(
    new_browser: NewBrowser, watch: Watch, script: str, told: str
) -> None:
    page = new_browser().new_page()
    page.goto("sign-in")
    page.evaluate(script)
    page.evaluate("new Promise((resolve) => setTimeout(resolve))")

    assert any(told in said for said in watch.found)
    watch.found.clear()
