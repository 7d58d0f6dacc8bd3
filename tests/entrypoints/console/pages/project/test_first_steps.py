"""The first lead: by the form of the page, or by the line that it shows."""

import html
import re
import shlex

import pytest

from domain.lead import Lead
from tests.entrypoints.console.browser import Browser, Page, signed_in
from tests.support.program import Server
from tests.support.stores import Account, Store
from tests.support.wire import request

GRACE = {"name": " Grace ", "email": "grace@example.com", "phone": "+44 1", "message": "Hello"}


@pytest.fixture
def project(store: Store, server: Server) -> Account:
    """A new project, without a lead."""
    return store.account()


@pytest.fixture
def browser(store: Store, server: Server, project: Account) -> Browser:
    email = f"{project.project_id}@example.com"
    return signed_in(server, store, email, projects=(project.project_id,))


def once_in(page: Page) -> str:
    found = re.search(r'name="once" value="(\w+)"', page.text)
    assert found is not None
    return found[1]


def line_in(page: Page) -> str:
    found = re.search(r'id="curl"[^>]*>\n([^<]*)</textarea>', page.text)
    assert found is not None
    return html.unescape(found[1])


def make(browser: Browser, project: Account, once: str = "", **fields: str) -> Page:
    path = f"/projects/{project.project_id}/first-steps"
    return browser.post(path, {"once": once or once_in(browser.get(path)), **fields})


def only_lead(store: Store, project: Account) -> Lead:
    [lead] = store.leads(project)
    return lead


def test_its_form_makes_the_lead_that_a_call_would_make_and_lists_it(
    server: Server, store: Store, browser: Browser, project: Account
) -> None:
    page = make(browser, project, **GRACE)
    landed = browser.get((page.location or "").removeprefix("/console"))

    lead = only_lead(store, project)
    assert (lead.channel, lead.lead_id) == ("rest", 1)
    assert (lead.details.name, lead.details.phone) == ("Grace", "+44 1")
    assert lead.details.attributes == {"message": "Hello"}
    assert "The lead is here" in landed.words
    assert 'data-lead="1"' in landed.text
    assert server.line_with(request_id=lead.request_id)["lead_id"] == 1


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept_or_lost(
    store: Store, browser: Browser, project: Account
) -> None:
    page = make(browser, project, name="x" * 256, email="nobody", message="Hello")

    assert page.status == 422
    assert "Name must not be longer than 255 characters." in page.words
    assert "E-mail must be an e-mail address." in page.words
    assert 'value="nobody"' in page.text
    assert 'value="Hello"' in page.text
    assert (store.leads(project), store.held(project)) == ([], [])


def test_a_form_in_which_nothing_was_typed_makes_no_lead(
    store: Store, browser: Browser, project: Account
) -> None:
    page = make(browser, project, name="  ")

    assert page.status == 422
    assert "Fill in a name" in page.words
    assert store.leads(project) == []


def test_in_a_full_month_it_says_who_can_make_room_and_keeps_what_was_typed(
    store: Store, browser: Browser, project: Account
) -> None:
    store.update(project, monthly_limit=0)

    page = make(browser, project, **GRACE)
    assert page.status == 429
    assert int(page.headers["Retry-After"]) > 0
    assert "An admin can raise the monthly limit" in page.words
    assert 'value="grace@example.com"' in page.text
    assert (store.leads(project), store.held(project)) == ([], [])


def test_a_button_that_is_pressed_twice_makes_one_lead(
    store: Store, browser: Browser, project: Account
) -> None:
    once = once_in(browser.get(f"/projects/{project.project_id}/first-steps"))
    twice = [make(browser, project, once, **GRACE) for _ in range(2)]
    other = make(browser, project, once, name="Ada")
    again = make(browser, project, once_in(other), name="Ada")

    assert [page.status for page in (*twice, other, again)] == [303, 303, 422, 303]
    assert "This form was sent already" in other.words
    assert [lead.details.name for lead in store.leads(project)] == ["Grace", "Ada"]


def test_a_key_of_ours_that_is_pasted_into_it_is_not_kept(
    store: Store, browser: Browser, project: Account
) -> None:
    make(browser, project, name="Ada", message=f"my key is {project.key}")

    assert project.key not in str(only_lead(store, project).details.attributes)


def test_a_key_that_is_asked_for_twice_is_one_and_is_shown_until_it_is_revoked(
    store: Store, browser: Browser, project: Account
) -> None:
    path = f"/projects/{project.project_id}/first-steps"
    form = {"once": once_in(browser.get(path))}
    twice = [browser.post(f"{path}/key", form) for _ in range(2)]
    made = store.use(lambda c: c.keys().of_project(project.project_id))[1:]
    store.use(lambda c: c.revoke_key()(made[0].key_id))
    late = browser.post(f"{path}/key", form)

    assert len(made) == 1
    assert "swk_…" not in line_in(twice[0])
    assert line_in(twice[0]) == line_in(twice[1])
    assert late.location == f"/console{path}"
    assert "the key that it made is revoked" in browser.get(path).words


def test_its_line_works_once_the_page_has_made_a_key_and_shows_it_once(
    server: Server, store: Store, browser: Browser, project: Account
) -> None:
    path = f"/projects/{project.project_id}/first-steps"
    before = browser.get(path)
    page = browser.post(f"{path}/key")
    words = shlex.split(line_in(page))
    headers = dict(words[n + 1].split(": ") for n, word in enumerate(words) if word == "-H")
    body = words[words.index("-d") + 1].encode()
    answer = request(server.port, "POST", "/api/public/lead", headers, body)

    assert "swk_…" in line_in(before)
    assert words[words.index("POST") + 1] == f"{server.url}/api/public/lead"
    assert answer.status == 201
    assert "Ada Lovelace" in browser.get(path).words
    assert headers["X-Api-Key"] not in browser.get(path).text
    assert headers["X-Api-Key"] not in server.raw_log.decode()
