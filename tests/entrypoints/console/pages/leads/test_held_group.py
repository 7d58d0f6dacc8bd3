"""Releasing many: asked first, with the number, then said what became of them."""

from typing import Any

import pytest

from domain.held import DOMAIN_NOT_ALLOWED, VALIDATION_FAILED
from domain.lead import LeadDetails
from tests.entrypoints.cli.leads.held_calls import refused
from tests.entrypoints.console.browser import CONSOLE, Browser
from tests.entrypoints.console.pages.leads.held_calls import (
    OURS,
    THEIRS,
    from_page,
    held_of,
    send,
)
from tests.support.program import Server
from tests.support.stores import Account, Store

READ: dict[str, Any] = {"details": LeadDetails(name="Server")}


@pytest.fixture
def places() -> int:
    """Of the project's month."""
    return 3


@pytest.fixture
def project(store: Store, server: Server, places: int) -> Account:
    """It holds two calls of one page, and one of another."""
    project = store.account(domains=["acme.example"], monthly_limit=places)
    for host, name in ((OURS, "Ada"), (OURS, "Eve"), (THEIRS, "Spam")):
        from_page(server, project, host, name=name, email=f"{name}@example.com")
    return project


@pytest.fixture
def group(project: Account) -> str:
    return f"/projects/{project.project_id}/held/reason/{DOMAIN_NOT_ALLOWED}"


def test_it_is_asked_first_with_the_number_and_the_places_that_are_left(
    admin: Browser, group: str, store: Store, project: Account
) -> None:
    words = admin.get(f"{group}/release").words

    assert "All that is held for this reason: 3." in words
    assert "Places left in this month: 3." in words
    assert len(store.held(project)) == 3


def test_released_they_are_leads_and_who_has_come_in_meanwhile_is_not_counted_twice(
    admin: Browser, group: str, store: Store, server: Server, project: Account
) -> None:
    send(server, project, {"email": "eve@example.com"}, 201)
    admin.get(f"{group}/release")

    done = admin.post(f"{group}/release")
    words = admin.get(f"/projects/{project.project_id}/held").words

    assert (done.status, done.location) == (303, f"{CONSOLE}/projects/{project.project_id}/held")
    assert "Released: 2." in words
    assert "are leads by now: 1." in words
    assert [lead.details.name for lead in store.leads(project)] == [None, "Ada", "Spam"]


def test_one_page_can_be_released_by_itself(
    admin: Browser, group: str, store: Store, project: Account
) -> None:
    asked = admin.get(f"{group}/release?origin={OURS}")

    admin.post(f"{group}/release?origin={OURS}")

    assert f"Release all of “{OURS}”? All that is held from there: 2." in asked.words
    assert [lead.details.name for lead in store.leads(project)] == ["Ada", "Eve"]
    assert [call.origin for call in store.held(project)] == [THEIRS]


@pytest.mark.parametrize(("code", "query"), [(DOMAIN_NOT_ALLOWED, "?origin=nobody.example"),
                                             (VALIDATION_FAILED, "")])  # fmt: skip
def test_what_is_not_held_is_not_asked_for(
    admin: Browser, group: str, code: str, query: str
) -> None:
    group = group.replace(DOMAIN_NOT_ALLOWED, code)

    asked = admin.get(f"{group}/release{query}")
    back = admin.get(f"{group}{query}").words

    assert "Nothing of it is held now. Back" in asked.words
    assert f'href="{CONSOLE}{group}{query}">Back<' in asked.text
    assert ("Nothing of it waits for this reason." in back) is ("Clear" in back) is bool(query)
    assert ("Nothing waits for this reason." in back) is not bool(query)


def test_what_names_no_page_can_be_released_by_itself(
    admin: Browser, group: str, store: Store, project: Account
) -> None:
    store.use(lambda c: c.held_ledger().hold([refused(project.project_id, 1, origin=None, **READ)]))

    page, asked = admin.get(f"{group}?origin=none"), admin.get(f"{group}/release?origin=none")
    admin.post(f"{group}/release?origin=none")

    assert "1 of “ It names no page ”" in page.words
    assert "Release all of “It names no page”?" in asked.words
    assert [call.origin for call in store.held(project)] == [OURS, OURS, THEIRS]


@pytest.mark.parametrize("places", [1])
def test_what_finds_no_place_waits_on_for_one_and_that_is_said(
    admin: Browser, group: str, store: Store, project: Account
) -> None:
    asked = admin.get(f"{group}/release")
    admin.post(f"{group}/release")
    words = admin.get(f"/projects/{project.project_id}/held").words
    again = admin.get(f"{group}/release")

    assert "Places left in this month: 1." in asked.words
    assert "Released: 1." in words
    assert "No place in this month: 2. Once there is one, release what still waits." in words
    assert len(held_of(store, project, DOMAIN_NOT_ALLOWED)) == 2
    assert "No place of this month is left" in again.words


def test_a_reason_for_which_nothing_waits_is_released_without_harm(
    admin: Browser, project: Account, store: Store
) -> None:
    admin.get(f"/projects/{project.project_id}/held")
    admin.post(f"/projects/{project.project_id}/held/reason/{VALIDATION_FAILED}/release")

    assert "Nothing was released" in admin.get(f"/projects/{project.project_id}/held").words
    assert len(store.held(project)) == 3
