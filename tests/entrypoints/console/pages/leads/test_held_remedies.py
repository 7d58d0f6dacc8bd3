"""What mends a reason is a button: a page is allowed, a number is listed."""

import pytest

from domain.held import DOMAIN_NOT_ALLOWED, NUMBER_NOT_LISTED, PLAN_LIMIT_REACHED
from entrypoints.console import words
from tests.entrypoints.console.browser import CONSOLE, Browser, signed_in
from tests.entrypoints.console.pages.leads.held_calls import OURS, from_page, held_of, send
from tests.entrypoints.http.webhooks.deliveries import SECRET, a_delivery, a_message, deliver
from tests.support.program import Server
from tests.support.stores import Account, Store


@pytest.fixture
def project(store: Store, server: Server) -> Account:
    return store.account(domains=["acme.example"])


@pytest.fixture
def path(project: Account) -> str:
    return f"/projects/{project.project_id}/held"


@pytest.fixture
def browser(store: Store, server: Server, project: Account) -> Browser:
    """A member's."""
    email = f"{project.project_id}@example.com"
    return signed_in(server, store, email, projects=(project.project_id,))


def test_a_page_is_allowed_and_what_it_sent_is_shown_to_be_released(
    browser: Browser, path: str, store: Store, server: Server, project: Account
) -> None:
    from_page(server, project, OURS, name="Ada")
    browser.get(path)

    done = browser.post(f"{path}/domain", {"domain": OURS})
    page = browser.get((done.location or "").removeprefix(CONSOLE))

    assert done.location == f"{CONSOLE}{path}/reason/{DOMAIN_NOT_ALLOWED}?origin={OURS}"
    assert words.DONE["domain-allowed"] in page.words
    assert "Ada" in page.words
    kept = store.use(lambda c: c.projects().find(project.project_id))
    assert [str(one) for one in kept.domains] == ["acme.example", OURS]
    assert "Allowed" in browser.get(path).words
    assert "Allow this domain" not in browser.get(path).words


@pytest.mark.parametrize(
    ("typed", "says"), [("co.uk", "public suffix"), ("null", words.NO_NULL), ("", "not a domain")]
)
def test_what_cannot_be_allowed_is_said_where_the_button_was(
    browser: Browser, path: str, store: Store, server: Server, project: Account,
    typed: str, says: str,
) -> None:  # fmt: skip
    from_page(server, project, OURS, name="Ada")
    browser.get(path)

    page = browser.post(f"{path}/domain", {"domain": typed})

    assert page.status == 422
    assert says in page.words
    kept = store.use(lambda c: c.projects().find(project.project_id))
    assert len(kept.domains) == 1


@pytest.mark.parametrize(
    ("origin", "key", "says"),
    [
        ("null", "", "strict-origin-when-cross-origin"),
        ("nonsense", "", "Look at the program that sends it."),
        ("http://intranet", "", "It cannot be allowed: 'intranet' is no whole domain"),
        (None, "page", "A server needs its own key."),
    ],
)
def test_what_is_no_page_cannot_be_allowed_and_is_explained(
    browser: Browser, path: str, store: Store, server: Server, project: Account,
    origin: str | None, key: str, says: str,
) -> None:  # fmt: skip
    headers = {"Origin": origin} if origin else {}
    if key:
        made = store.use(lambda c: c.create_key()(project.project_id, for_page=True))
        project = Account(project.project_id, made.secret, made.kept.key_id)
    send(server, project, {"name": "Ada"}, 403, **headers)

    page = browser.get(path)

    assert says in page.words
    assert "Allow this domain" not in page.words


def test_a_number_is_listed_and_what_waits_for_it_becomes_a_lead_by_itself(
    browser: Browser, path: str, store: Store, server: Server, project: Account
) -> None:
    mine, odd = "1065501", "no number"  # which no other project lists
    store.connect(project, app_secret=[SECRET], phone_number_ids=["10654"])
    for number, message in ((mine, "wamid.h1"), (odd, "wamid.h2")):
        metadata = {"display_phone_number": "1", "phone_number_id": number}
        body = a_delivery(a_message(message), metadata=metadata)
        assert deliver(server, project, body).status == 200
    page = browser.get(path)

    done = browser.post(f"{path}/number", {"channel": "whatsapp", "number": mine})

    assert page.words.count("List this number") == 1
    assert done.location == f"{CONSOLE}{path}"
    assert words.DONE["number-listed"] in browser.get(path).words
    server.wait_until(lambda: len(held_of(store, project, NUMBER_NOT_LISTED)) == 1)
    assert len(store.leads(project)) == 1
    refused = browser.post(f"{path}/number", {"channel": "whatsapp", "number": odd})
    assert (refused.status, "This number cannot be listed" in refused.words) == (422, True)
    assert browser.post(f"{path}/number", {"channel": "doves", "number": mine}).status == 404


def test_what_is_wrong_is_also_said_where_nothing_is_held_for_that_reason(
    browser: Browser, path: str, store: Store, project: Account
) -> None:
    browser.get(path)

    refused = browser.post(f"{path}/number", {"channel": "whatsapp", "number": "abc"})

    assert (refused.status, "This number cannot be listed" in refused.words) == (422, True)


def test_a_member_reads_who_raises_the_limit_and_an_admin_is_led_there(
    browser: Browser, admin: Browser, path: str, store: Store, server: Server, project: Account
) -> None:
    store.update(project, monthly_limit=0)
    send(server, project, {"name": "Ada"}, 429)
    assert len(held_of(store, project, PLAN_LIMIT_REACHED)) == 1

    hers, his = browser.get(path), admin.get(path)

    assert words.ADMIN_RAISES_LIMIT in hers.words
    assert "#monthly_limit" not in hers.text
    assert 'settings#monthly_limit">Raise the limit<' in his.text
