"""The projects that a visitor sees, and a new one."""

import re
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.sqlite.connection.driver import sqlite3
from domain.project import Project
from entrypoints.console.pages.project.projects import PAGE
from entrypoints.container import Container
from tests.entrypoints.console.browser import Browser, signed_in
from tests.entrypoints.console.pages.project.leads import with_leads
from tests.support.builders import a_project
from tests.support.program import Server, serving
from tests.support.stores import Account, Store


def project_called(store: Store, name: str) -> Project | None:
    return store.use(lambda c: c.projects().find(name))


def test_the_address_without_a_path_leads_to_them(visitor: Browser) -> None:
    assert visitor.send("GET", "/").location == "/console"


def test_a_member_sees_those_she_was_given_and_an_admin_all(
    member: Browser, admin: Browser, acme: Account, other: Account
) -> None:
    hers, all_of_them = member.get(), admin.get()

    assert f"/console/projects/{acme.project_id}" in hers.text
    assert other.project_id not in hers.text
    assert other.project_id in all_of_them.text
    assert ("New project" in hers.words, "New project" in all_of_them.words) == (False, True)


def test_inside_a_project_the_others_are_one_menu_away(
    admin: Browser, member: Browser, acme: Account, other: Account
) -> None:
    path = f"/projects/{acme.project_id}"

    assert f"/console/projects/{other.project_id}" in admin.get(path).text
    assert other.project_id not in member.get(path).text


def test_who_was_given_none_reads_what_to_do(server: Server, store: Store) -> None:
    words = signed_in(server, store, "none@example.com").get().words

    assert "Ask your administrator" in words


def test_the_list_says_first_and_in_words_which_project_needs_somebody(
    server: Server, store: Store
) -> None:
    names = ("Well", "A new one", "Silent", "Waits", "Full")
    well, new, silent, waits, full = (store.account(f"{name} row") for name in names)
    store.update(full, monthly_limit=2)
    store.update(well, monthly_limit=12_000)
    with_leads(store, full, 2)
    with_leads(store, well, 3, ago=timedelta(minutes=12, seconds=30))
    with_leads(store, silent, 1, ago=timedelta(days=9, hours=1))
    with_leads(store, waits, 0, held=4)
    ids = tuple(one.project_id for one in (well, new, silent, waits, full))
    words = signed_in(server, store, "owner@example.com", projects=ids).get().words

    none, rows = "\u2013", words.partition("Last 30 days This month Waiting")[2]
    assert f"Full row just now 2 2 of 2 Full {none}" in rows
    assert f"Waits row {none} 0 0 4" in rows
    assert f"Silent for 9 days 1 1 {none}" in rows
    assert f"Well row 12 min ago 3 3 of 12,000 {none}" in rows
    order = [rows.index(f"{name} row") for name in ("Full", "Waits", "Silent", "A new one", "Well")]
    assert order == sorted(order)


def test_the_list_is_shown_while_leads_that_were_never_counted_are_counted(tmp_path: Path) -> None:
    store = Store(tmp_path / "leads.db")
    account = store.account("Large row")
    with_leads(store, account, 2)
    with serving(store) as server:
        owner = signed_in(server, store, "large@example.com", projects=(account.project_id,))
        with closing(sqlite3.connect(store.path)) as connection:  # as if that took too long
            connection.execute("ALTER TABLE lead_sums RENAME TO away")
        words = owner.get().words

    assert "Large row just now being counted 2 \u2013" in words


def test_many_projects_are_listed_a_page_at_a_time_and_the_page_stays_light(
    tmp_path: Path,
) -> None:
    store = Store(tmp_path / "leads.db")
    names = [f"Project {number:03} {'x' * 40}" for number in range(PAGE + 20)]

    async def make(container: Container) -> None:
        for name in names:
            await container.projects().add(a_project(name=name))

    store.use(make)
    with serving(store) as server:
        admin = signed_in(server, store, "many@example.com", admin=True)
        first, second, none = (admin.get(path) for path in ("", f"?from={PAGE}", "?from=9999"))
        inside = admin.get(re.findall(r'href="/console(/projects/prj_\w+)"', second.text)[0])

    assert [name in first.text for name in names] == [True] * PAGE + [False] * 20
    assert [name in second.text for name in names] == [False] * PAGE + [True] * 20
    assert f'href="/console?from={PAGE}">Next<' in first.text
    assert 'href="/console?from=0">Previous<' in second.text
    assert len(first.text.encode()) < 60_000
    assert names[0] in none.words
    assert names[50] not in inside.text
    assert 'href="/console">All projects<' in inside.text


def test_an_admin_makes_a_project_and_sees_its_first_key_once(store: Store, admin: Browser) -> None:
    fields = {"name": " Made here ", "domains": "made.example", "monthly_limit": "9"}
    fields["require_origin"] = "on"
    made = admin.post("/projects/new", fields)

    project = project_called(store, "Made here")
    assert project is not None
    assert (project.monthly_limit, [str(one) for one in project.domains]) == (9, ["made.example"])
    assert project.require_origin
    assert "This is not shown again" in made.words
    assert "A key for a server of Made here" in made.words
    assert f"/console/projects/{project.project_id}" in made.text
    assert 'value="swk_' in made.text
    assert "swk_" not in admin.get(f"/projects/{project.project_id}/settings/keys").text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "A project's name has 1 to 100 characters"),
        ({"name": "ACME LTD"}, "There is a project 'Acme Ltd' already"),
        ({"domains": "new.example\r\ncom"}, "'com'"),
        ({"domains": "null"}, "would let every page send leads"),
        ({"monthly_limit": "1.5"}, "Write a whole number, such as 500"),
    ],
)
def test_a_project_that_cannot_be_is_not_made_and_what_was_typed_stays(
    store: Store, admin: Browser, acme: Account, wrong: dict[str, str], said: str
) -> None:
    typed = {"name": "Never made", "domains": "never.example", "monthly_limit": "77", **wrong}
    page = admin.post("/projects/new", typed)

    assert page.status == 422
    assert said in page.words
    for value in typed.values():
        assert value.splitlines()[-1:] == [] or value.splitlines()[-1] in page.text
    assert project_called(store, "Never made") is None
