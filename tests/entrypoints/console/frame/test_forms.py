"""What a form must be: bounded, urlencoded, with the token of who sends it, from a page of ours."""

import pytest

from entrypoints.console.frame.cookies import Cookie
from entrypoints.console.frame.forms import MOST_BYTES, MOST_FIELDS, Form
from tests.entrypoints.console.browser import Browser
from tests.support.program import Server

FORM = {"email": "nobody@example.com", "password": "wrong"}


def test_a_form_with_its_token_is_taken(visitor: Browser) -> None:
    visitor.get("/sign-in")

    assert visitor.post("/sign-in", FORM).status == 401


def test_without_the_cookie_that_came_with_the_form_it_is_refused(visitor: Browser) -> None:
    visitor.get("/sign-in")
    visitor.cookies.clear()

    page = visitor.post("/sign-in", FORM)
    assert page.status == 403
    assert "SWIFTCRM_PUBLIC_URL" in page.words


@pytest.mark.parametrize("token", ["", "made up", "ü"])
def test_with_another_token_it_is_refused(visitor: Browser, token: str) -> None:
    visitor.get("/sign-in")

    assert visitor.post("/sign-in", FORM, token=token).status == 403


def test_the_token_of_one_visitor_is_none_for_another(server: Server, visitor: Browser) -> None:
    visitor.get("/sign-in")
    other = Browser(server.port)
    other.get("/sign-in")

    assert other.post("/sign-in", FORM, token=visitor.form_token).status == 403


def test_the_token_of_before_the_sign_in_is_none_of_the_session(
    visitor: Browser, member: Browser
) -> None:
    visitor.get("/sign-in")
    both = Browser(member.port, {**visitor.cookies, **member.cookies})

    assert both.post("/sign-out", token=visitor.form_token).status == 403


def test_a_sign_in_that_was_open_in_another_tab_is_taken(visitor: Browser, member: Browser) -> None:
    visitor.get("/sign-in")
    both = Browser(member.port, {**visitor.cookies, **member.cookies})

    assert both.post("/sign-in", FORM, token=visitor.form_token).status == 401
    assert both.post("/sign-in", FORM, token=member.form_token).status == 401
    assert Browser(member.port, member.cookies).post("/sign-in", FORM).status == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
def test_a_page_of_another_site_cannot_send_it(visitor: Browser, headers: dict[str, str]) -> None:
    visitor.get("/sign-in")

    assert visitor.post("/sign-in", FORM, **headers).status == 403


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_a_page_of_ours_can(visitor: Browser, name: str) -> None:
    visitor.host = f"{name}:{visitor.port}"
    visitor.get("/sign-in")

    page = visitor.post("/sign-in", FORM, Origin=f"http://{visitor.host}")
    assert page.status == 401


FORMS = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"Content-Type": "application/json"}, b"{}", 415),
        ({"Content-Type": "multipart/form-data; boundary=x"}, b"--x--", 415),
        ({}, b"a=b", 415),
        ({**FORMS, "Content-Encoding": "gzip"}, b"", 415),
        (FORMS, b"a=\xff", 400),
        (FORMS, b"a=b&" * (MOST_FIELDS + 1), 400),
        (FORMS, b"a" * (MOST_BYTES + 1), 413),
    ],
)
@pytest.mark.parametrize("who", ["visitor", "member"])
def test_what_is_no_form_or_too_large_a_one_is_refused(
    request: pytest.FixtureRequest, who: str, headers: dict[str, str], body: bytes, status: int
) -> None:
    browser: Browser = request.getfixturevalue(who)
    if Cookie.SESSION not in browser.cookies:
        browser.get("/sign-in")

    page = browser.send("POST", "/console/sign-in", headers, body)
    assert page.status == status
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"


def test_what_was_typed_is_still_there_and_what_was_only_opened_has_its_own() -> None:
    typed, opened = Form({"name": ["Ada"], "box": ["a", "b"]}), Form()

    assert (typed.text("name", "before"), opened.text("name", "before")) == ("Ada", "before")
    assert (typed.text("gone", "before"), typed.texts("box")) == ("", ["a", "b"])
    assert typed.has("box", "b", otherwise=False)
    assert not typed.has("gone", otherwise=True)
    assert opened.has("box", otherwise=True)


def test_a_field_keeps_the_errors_of_others() -> None:
    form = Form().with_errors(name="Give a name.").with_errors(email="Give an e-mail.")

    assert form.errors == {"name": "Give a name.", "email": "Give an e-mail."}
