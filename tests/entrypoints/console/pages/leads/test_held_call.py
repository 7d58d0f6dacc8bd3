"""One held call, shown whole and released."""

import html
import re

import pytest

from domain.held import DOMAIN_NOT_ALLOWED, INVALID_JSON, LINES, VALIDATION_FAILED
from tests.entrypoints.cli.leads.held_calls import line
from tests.entrypoints.console.browser import CONSOLE, Browser
from tests.entrypoints.console.pages.leads.held_calls import OURS, from_page, held_of, send
from tests.support.program import Server
from tests.support.stores import Account, Store

ODD = '\n{"name": "</textarea><script>alert(1)</script>"'


@pytest.fixture
def project(store: Store, server: Server) -> Account:
    return store.account()


@pytest.fixture
def path(project: Account) -> str:
    return f"/projects/{project.project_id}/held"


def test_what_was_sent_is_shown_whole_as_text_with_why_it_is_held(
    admin: Browser, path: str, store: Store, server: Server, project: Account
) -> None:
    send(server, project, ODD.encode(), 400)
    (call,) = held_of(store, project, INVALID_JSON)

    page = admin.get(f"{path}/{call.held_id}")

    (sent,) = re.findall(r"<textarea[^>]*>\n(.*?)</textarea>", page.text, re.DOTALL)
    assert html.unescape(sent) == ODD
    assert "<script>alert" not in page.text
    assert "The body must be a JSON object in UTF-8." in page.words
    assert call.request_id in page.words


def test_what_was_read_and_which_field_is_wrong_is_said(
    admin: Browser, path: str, store: Store, server: Server, project: Account
) -> None:
    send(server, project, {"name": "Ada", "email": "ada@", "budget": 5}, 422)
    (call,) = held_of(store, project, VALIDATION_FAILED)

    words = admin.get(f"{path}/{call.held_id}").words

    assert "email: must be an e-mail address." in words
    assert "name Ada" in words
    assert "attributes.budget 5" in words


def test_one_is_released_and_a_second_press_reads_that_it_is_done(
    admin: Browser, path: str, store: Store, server: Server, project: Account
) -> None:
    send(server, project, {"name": "Ada", "email": "ada@"}, 422)
    send(server, project, {"name": "Eve", "email": "eve@"}, 422)
    first, second = held_of(store, project, VALIDATION_FAILED)
    admin.get(path)
    form = {"held_id": first.held_id, "code": VALIDATION_FAILED}

    pressed = admin.post(f"{path}/release", form)
    said = admin.get(f"{path}/reason/{VALIDATION_FAILED}").words
    again = admin.post(f"{path}/release", {"held_id": first.held_id})

    assert (pressed.status, pressed.location) == (303, f"{CONSOLE}{path}/reason/VALIDATION_FAILED")
    assert "Released: 1. See the leads" in said
    assert again.location == f"{CONSOLE}{path}"
    assert "Nothing was released: nothing of it is held now." in admin.get(path).words
    assert [lead.details.name for lead in store.leads(project)] == ["Ada"]
    assert store.held(project) == [second]


def test_a_page_that_is_not_on_the_list_can_be_allowed_from_a_call_of_it(
    admin: Browser, path: str, store: Store, server: Server, project: Account
) -> None:
    store.update(project, add_domains=["acme.example"])
    from_page(server, project, OURS, name="Ada")
    from_page(server, project, "intranet", name="Eve")
    ours, theirs = held_of(store, project, DOMAIN_NOT_ALLOWED)

    assert "Allow this domain" in admin.get(f"{path}/{ours.held_id}").words
    words = admin.get(f"{path}/{theirs.held_id}").words
    assert "It cannot be allowed: 'intranet' is no whole domain" in words
    assert "Allow this domain" not in words


@pytest.mark.parametrize("held_id", ["held_nothing", "%C3%A9"])
def test_what_is_not_held_is_not_there(admin: Browser, path: str, held_id: str) -> None:
    assert admin.get(f"{path}/{held_id}").status == 404


def test_what_another_project_holds_is_neither_shown_nor_released(
    member: Browser, acme: Account, store: Store, server: Server, project: Account
) -> None:
    send(server, project, {"email": "ada@"}, 422)
    (call,) = store.held(project)
    path = f"/projects/{acme.project_id}/held"

    assert member.get(f"{path}/{call.held_id}").status == 404
    member.post(f"{path}/release", {"held_id": call.held_id})

    assert store.held(project) == [call]


def test_a_line_is_shown_and_becomes_no_lead(
    admin: Browser, path: str, store: Store, project: Account
) -> None:
    one = line(project.project_id, LINES[0])
    store.use(lambda c: c.held_ledger().hold([one]))

    page = admin.get(f"{path}/{one.held_id}")
    admin.post(f"{path}/release", {"held_id": one.held_id})

    assert "<textarea" not in page.text
    assert "/release" not in page.text
    assert store.leads(project) == []
