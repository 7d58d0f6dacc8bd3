"""One's own account."""

from entrypoints.console.frame.cookies import Cookie
from entrypoints.container import Container
from tests.entrypoints.console.browser import PASSWORD, Browser, Page, a_user, signed_in
from tests.support.program import Server
from tests.support.stores import Account, Store

ANOTHER = "another password of words"


def change(browser: Browser, old: str, new: str) -> Page:
    return browser.post("/account/password", {"password": old, "new_password": new})


def test_it_says_who_one_is_and_what_one_sees(
    server: Server, store: Store, acme: Account, other: Account
) -> None:
    browser = signed_in(server, store, "who@example.com", projects=(acme.project_id,))

    words = browser.get("/account").words
    assert "who@example.com" in words
    assert "Acme Ltd" in words
    assert "Another's" not in words


def test_another_password_keeps_this_browser_and_ends_all_others(
    server: Server, store: Store
) -> None:
    browser = signed_in(server, store, "change@example.com")
    before = Browser(server.port, dict(browser.cookies))

    page = change(browser, PASSWORD, ANOTHER)
    assert page.location == "/console/account"
    assert browser.get("/account").status == 200
    server.wait_until(lambda: before.get("/account").status == 303)


def test_who_came_by_a_link_without_a_password_chooses_one(server: Server, store: Store) -> None:
    a_user(store, "without@example.com")

    async def session(container: Container) -> str:
        user = await container.users().find("without@example.com")
        return str((await container.begin_session()(user)).session_token)

    browser = Browser(server.port, {Cookie.SESSION.value: store.use(session)})
    opened = browser.get("/account")
    chosen = browser.post("/account/password", {"new_password": PASSWORD})

    assert "Choose a password" in opened.words
    assert "Password now" not in opened.words
    assert chosen.status == 303
    assert "Password now" in browser.get("/account").words


def test_what_is_wrong_is_said_at_its_field_and_changes_nothing(
    server: Server, store: Store
) -> None:
    browser = signed_in(server, store, "kept@example.com")
    wrong, weak = change(browser, "a wrong password", ANOTHER), change(browser, PASSWORD, "short")

    assert (wrong.status, weak.status) == (422, 422)
    assert "This is not your password now." in wrong.words
    assert 'id="new_password-error"' in weak.text
    assert ANOTHER not in wrong.text
    assert browser.cookies.keys() == {Cookie.SESSION}
    assert change(browser, PASSWORD, ANOTHER).status == 303


def test_ten_wrong_ones_wait(server: Server, store: Store) -> None:
    browser = signed_in(server, store, "waits@example.com")
    pages = [change(browser, "a wrong password", ANOTHER) for _ in range(11)]

    assert [page.status for page in pages] == [422] * 10 + [429]
    assert pages[-1].headers["Retry-After"]
