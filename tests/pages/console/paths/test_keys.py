"""A key of the console's at work: what it gives to paste into a page makes a lead there."""

from playwright.sync_api import Page

from tests.entrypoints.console.browser import signed_in
from tests.pages.console.conftest import NewBrowser
from tests.pages.sites import a_site
from tests.support.program import Server
from tests.support.stores import Store


def test_the_lines_for_a_page_make_a_lead_of_what_a_visitor_fills_in(
    server: Server, store: Store, new_browser: NewBrowser, page: Page
) -> None:
    project = store.account(domains=["localhost"])
    console = new_browser(signed_in(server, store, "admin@example.com", admin=True)).new_page()
    console.goto(f"projects/{project.project_id}/settings/keys/new")
    console.get_by_label("For a page").check()
    console.get_by_role("button", name="Make a key").click()
    lines = console.get_by_label("The lines for your page").input_value()
    with a_site({"/": lines}) as site:
        page.goto(site)
        page.get_by_label("Name").fill("Ada")
        page.get_by_label("E-mail").fill("ada@example.com")
        with page.expect_event("dialog") as dialog:
            page.get_by_role("button", name="Send").click(no_wait_after=True)
        dialog.value.accept()

    assert dialog.value.message == "Thank you!"
    assert [lead.details.email for lead in store.leads(project)] == ["ada@example.com"]
