"""The settings of a project, as a member and an admin change them."""

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest

from domain.project import Project
from entrypoints.process.settings import BUILT_IN_CHANNELS
from tests.entrypoints.console.browser import Browser, signed_in
from tests.support.builders import a_held_call
from tests.support.program import Server
from tests.support.stores import Account, Store

AS_IT_IS = {"name": "Shop", "domains": "shop.example\r\n*.shop.example"}


@pytest.fixture
def shop(store: Store, server: Server, request: pytest.FixtureRequest) -> Account:
    """A project of the test's own."""
    return store.account(f"Shop {request.node.name}"[:100], domains=["shop.example"])


@pytest.fixture
def her(server: Server, store: Store, shop: Account) -> Browser:
    """A member of it."""
    return signed_in(server, store, f"{shop.project_id}@example.com", projects=(shop.project_id,))


def path_of(account: Account) -> str:
    return f"/projects/{account.project_id}/settings"


def project_of(store: Store, account: Account) -> Project:
    return store.use(lambda c: c.projects().find(account.project_id))


def test_an_admin_changes_every_setting_and_reads_that_it_is_done(
    store: Store, admin: Browser, shop: Account
) -> None:
    fields = {
        "name": " Corner shop ",
        "domains": "shop.example\r\nCorner.example, *.corner.example",
        "require_origin": "on",
        "release_held_each_month": "on",
        "release_held_calls": "on",
        "lenient": "on",
        "monthly_limit": " 500 ",
    }
    saved = admin.post(path_of(shop), fields)
    shown = admin.get((saved.location or "").removeprefix("/console"))

    project = project_of(store, shop)
    assert (project.name, project.monthly_limit) == ("Corner shop", 500)
    domains = ["shop.example", "corner.example", "*.corner.example"]
    assert [str(domain) for domain in project.domains] == domains
    assert project.require_origin
    assert project.release_held_each_month
    assert project.release_held_calls
    assert project.lenient
    assert saved.status == 303
    assert "Saved. It is in force within two seconds." in shown.words
    assert shown.text.count(" checked") == 4
    assert 'value="500"' in shown.text


def test_a_member_changes_all_but_the_limit(store: Store, her: Browser, shop: Account) -> None:
    store.update(shop, monthly_limit=7, lenient=True)
    opened = her.get(path_of(shop))
    her.post(path_of(shop), {"name": "Hers", "domains": ""})
    refused = her.post(path_of(shop), {"name": "Not hers", "domains": "", "monthly_limit": "8"})

    project = project_of(store, shop)
    assert "Monthly limit" not in opened.words
    assert (project.name, project.domains, project.lenient) == ("Hers", (), False)
    assert (refused.status, project.monthly_limit) == (404, 7)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "A project's name has 1 to 100 characters"),
        ({"name": "acme ltd"}, "There is a project 'Acme Ltd' already"),
        ({"name": "Sh\u202eop"}, "no invisible characters"),
        ({"domains": "com"}, "'com'"),
        ({"domains": "shop.example\r\nsh op!"}, "'op!' is not a domain"),
        ({"domains": "NULL"}, "would let every page send leads"),
        ({"monthly_limit": "many"}, "Write a whole number, such as 500"),
        ({"monthly_limit": "-1"}, "Write a whole number, such as 500"),
        ({"monthly_limit": "9" * 16}, "Write a whole number, such as 500"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_changed(
    store: Store,
    admin: Browser,
    acme: Account,
    shop: Account,
    wrong: Mapping[str, str],
    said: str,
) -> None:
    before = project_of(store, shop)
    page = admin.post(path_of(shop), {**AS_IT_IS, "lenient": "on", "monthly_limit": "5", **wrong})

    [name] = wrong
    assert page.status == 422
    assert said in page.words
    assert f'<p class="error" id="{name}-error">' in page.text
    assert f'href="#{name}"' in page.text
    for typed in {**AS_IT_IS, **wrong}.values():
        assert typed.splitlines()[-1:] == [] or typed.splitlines()[-1] in page.text
    assert page.text.count(" checked") == 1
    assert project_of(store, shop) == before


def test_a_member_who_wants_a_name_of_another_project_does_not_learn_how_that_is_written(
    her: Browser, acme: Account, shop: Account
) -> None:
    page = her.post(path_of(shop), {"name": "ACME LTD", "domains": ""})

    assert page.status == 422
    assert "This name is taken." in page.words
    assert "Acme Ltd" not in page.words


@pytest.mark.parametrize("domains", ["null", "sh op!"])
def test_all_that_is_wrong_is_said_at_once_in_the_order_of_the_fields(
    admin: Browser, shop: Account, domains: str
) -> None:
    page = admin.post(path_of(shop), {"name": "", "domains": domains, "monthly_limit": "x"})

    assert "These need a correction" in page.words
    assert re.findall(r'<a href="#(\w+)">', page.text)[-3:] == ["name", "domains", "monthly_limit"]


def test_of_two_who_have_the_page_open_neither_undoes_what_the_other_saves(
    store: Store, admin: Browser, her: Browser, shop: Account
) -> None:
    store.update(shop, release_held_calls=True)
    mine, theirs = admin.get(path_of(shop)).shown, her.get(path_of(shop)).shown
    opened = {"name": project_of(store, shop).name, "release_held_calls": "on"}
    admin.post(
        path_of(shop),
        {**opened, **mine, "domains": "b.example", "lenient": "on", "monthly_limit": "5"},
    )
    saved = her.post(
        path_of(shop),
        {**opened, **theirs, "domains": "shop.example\r\nc.example", "require_origin": "on"},
    )

    project = project_of(store, shop)
    assert saved.status == 303
    assert [str(one) for one in project.domains] == ["b.example", "c.example"]
    assert (project.lenient, project.require_origin, project.monthly_limit) == (True, True, 5)
    assert project.release_held_calls


def test_what_the_page_had_when_it_was_opened_is_not_forgotten_over_a_slip(
    store: Store, her: Browser, shop: Account
) -> None:
    opened = her.get(path_of(shop)).shown
    store.update(shop, lenient=True)
    wrong = her.post(path_of(shop), {**opened, "name": "", "domains": "shop.example"})
    her.post(path_of(shop), {**wrong.shown, "name": "Slip", "domains": "shop.example"})

    assert wrong.status == 422
    assert (project_of(store, shop).name, project_of(store, shop).lenient) == ("Slip", True)


def test_a_list_that_has_null_keeps_it_and_the_page_warns_of_it(
    store: Store, her: Browser, shop: Account
) -> None:
    store.update(shop, add_domains=["null"])
    saved = her.post(path_of(shop), {"name": "With null", "domains": "new.example\r\nnull"})

    assert saved.status == 303
    assert [str(one) for one in project_of(store, shop).domains] == ["null", "new.example"]
    assert "With null in the list every page may send leads" in her.get(path_of(shop)).words


def test_a_name_from_before_that_nobody_may_take_now_is_no_obstacle(
    store: Store, her: Browser, shop: Account
) -> None:
    old = "Old\u200bshop"
    store.use(lambda c: c.projects().change(shop.project_id, lambda one: replace(one, name=old)))

    assert her.post(path_of(shop), {"name": old, "domains": "new.example"}).status == 303


def test_beside_the_limit_stands_how_many_are_taken_and_how_many_wait(
    store: Store, admin: Browser, shop: Account
) -> None:
    store.update(shop, monthly_limit=5)
    project = project_of(store, shop)
    store.use(lambda c: c.held_ledger().hold([a_held_call(project) for _ in range(3)]))

    assert "0 of this month are taken, and 3 wait for a place." in admin.get(path_of(shop)).words


def test_the_second_list_has_every_channel_that_is_switched_on(her: Browser, shop: Account) -> None:
    page = her.get(path_of(shop))

    assert "General API keys WhatsApp Google Ads" in page.words
    for name in BUILT_IN_CHANNELS:
        assert f'href="/console{path_of(shop)}/{name}"' in page.text
