"""The console in a real browser: its own policy, a narrow screen, the keyboard, and no script."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page

from tests.entrypoints.console.browser import CONSOLE, PASSWORD, a_user, signed_in
from tests.pages.sites import a_site
from tests.support.program import Server, serving
from tests.support.stores import Store

EMAIL = "admin@example.com"
PROJECT = "A rather long name of a company with very many words in it & <b>Sons</b>"
PUBLIC_URL = "http://127.0.0.1:8000"
NARROW = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("console") / "leads.db")


@pytest.fixture(scope="module")
def server(store: Store) -> Iterator[Server]:
    with serving(store) as server:
        yield server


@pytest.fixture(scope="module")
def paths(server: Server, store: Store) -> list[str]:
    """A path for each page; the admin whom `inside` signs in is made here, too."""
    project = store.account(PROJECT)
    project_id = project.project_id
    a_user(
        store, "a.long.address.that.is.all.one.word@marketing.example.com", projects=(project_id,)
    )
    [user] = store.use(lambda c: c.users().all())
    of_user, of_project = f"/users/{user.user_id}", f"/projects/{project_id}"
    of_keys = f"{of_project}/settings/keys"
    return [
        *("", "/account", "/users", "/users/invite", "/nowhere", "/sign-in", "/link?token=none"),
        *(of_user, f"{of_user}/remove"),
        *(of_project, "/projects/new", f"{of_project}/settings"),
        *(of_keys, f"{of_keys}/new", f"{of_keys}/{project.key_id}/revoke"),
        *(f"{of_project}/settings/{one}" for one in ("whatsapp", "whatsapp/url", "google_ads")),
    ]


@pytest.fixture(scope="module")
def cookies(server: Server, store: Store) -> list[dict[str, str]]:
    browser = signed_in(server, store, EMAIL, admin=True)
    url = f"{server.url}{CONSOLE}"
    return [{"name": name, "value": v, "url": url} for name, v in browser.cookies.items()]


@pytest.fixture
def inside(chromium: Chromium, cookies: list[dict[str, str]]) -> Iterator[BrowserContext]:
    """An admin who is signed in, far from UTC."""
    context = chromium.new_context(timezone_id="Asia/Kolkata")
    context.add_cookies(cookies)  # type: ignore[arg-type]
    yield context
    context.close()


def _complaints(page: Page) -> list[str]:
    """What the browser says of our own policy, as it comes."""
    said: list[str] = []
    page.on("console", lambda one: said.append(one.text) if "Policy" in one.text else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


@pytest.mark.parametrize("who", ["inside", "page"])
def test_no_page_breaks_our_own_policy_or_scrolls_sideways(
    request: pytest.FixtureRequest, server: Server, paths: list[str], who: str
) -> None:
    found = request.getfixturevalue(who)
    page = found if isinstance(found, Page) else found.new_page()
    page.set_viewport_size(NARROW)
    complaints = _complaints(page)
    too_wide = []
    for path in paths:
        page.goto(f"{server.url}{CONSOLE}{path}")
        width = page.evaluate("document.documentElement.scrollWidth")
        too_wide += [path] if width > NARROW["width"] else []

    assert (complaints, too_wide) == ([], [])


def test_a_style_that_our_policy_forbids_would_be_noticed(server: Server, page: Page) -> None:
    complaints = _complaints(page)
    page.goto(f"{server.url}{CONSOLE}/sign-in")
    page.evaluate("document.body.innerHTML = '<p style=\"color: red\">'")

    assert "style-src" in complaints[0]


@pytest.mark.parametrize("width", [360, 1280])
def test_an_open_menu_stays_on_the_screen_and_closes_with_esc(
    server: Server, inside: BrowserContext, paths: list[str], width: int
) -> None:
    page = inside.new_page()
    page.set_viewport_size({"width": width, "height": 740})
    project = next(path for path in paths if path.startswith("/projects/"))
    page.goto(f"{server.url}{CONSOLE}{project}")

    for menu in page.locator("details.menu").all():
        summary = menu.locator("summary")
        summary.press("Enter")
        box = menu.locator(".menu-list").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        page.keyboard.press("Escape")
        assert menu.get_attribute("open") is None
        assert summary.evaluate("it => it === document.activeElement")


def test_the_first_key_skips_the_bar(server: Server, inside: BrowserContext) -> None:
    page = inside.new_page()
    page.goto(f"{server.url}{CONSOLE}/users")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.locator(":focus").inner_text() == "Invite"


def test_one_press_copies_the_whole_link(server: Server, inside: BrowserContext) -> None:
    inside.grant_permissions(["clipboard-read", "clipboard-write"])
    page = inside.new_page()
    page.goto(f"{server.url}{CONSOLE}/users/invite")
    page.get_by_label("E-mail").fill("copied@example.com")
    page.get_by_role("button", name="Invite").click()
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for()

    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.get_by_label("Link").input_value()
    assert "/console/link?token=" in copied


def test_the_lines_for_a_page_make_a_lead_of_what_a_visitor_fills_in(
    server: Server, store: Store, inside: BrowserContext, page: Page
) -> None:
    project = store.account(domains=["localhost"])
    console = inside.new_page()
    console.goto(f"{server.url}{CONSOLE}/projects/{project.project_id}/settings/keys/new")
    console.get_by_label("For a page").check()
    console.get_by_role("button", name="Make a key").click()
    lines = console.get_by_label("The lines for your page").input_value()
    with a_site({"/": lines.replace(PUBLIC_URL, server.url)}) as site:
        page.goto(site)
        page.get_by_label("Name").fill("Ada")
        page.get_by_label("E-mail").fill("ada@example.com")
        with page.expect_event("dialog") as dialog:
            page.get_by_role("button", name="Send").click(no_wait_after=True)
        dialog.value.accept()

    assert dialog.value.message == "Thank you!"
    assert [lead.details.email for lead in store.leads(project)] == ["ada@example.com"]


def test_a_moment_is_said_in_the_readers_zone_with_utc_at_hand(
    server: Server, inside: BrowserContext
) -> None:
    page = inside.new_page()
    page.clock.set_fixed_time("2030-05-01T12:00:00Z")
    page.goto(f"{server.url}{CONSOLE}/users")
    moment = page.locator("time").first

    assert moment.get_attribute("datetime").endswith("Z")
    assert "GMT+5:30 (" in moment.get_attribute("title")
    assert moment.get_attribute("title").endswith("UTC)")
    assert "UTC" not in moment.inner_text()


def test_all_of_it_works_without_script(server: Server, store: Store, chromium: Chromium) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    token = a_user(store, "plain@example.com", admin=True)
    page.goto(f"{server.url}{CONSOLE}/link?token={token}")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Save and sign in").click()
    page.locator("summary").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.goto(f"{server.url}{CONSOLE}/users")
    page.get_by_label("E-mail").fill("plain@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()

    assert urlsplit(page.url).path == f"{CONSOLE}/users"
    assert page.get_by_role("heading", name="Users").is_visible()
    context.close()
