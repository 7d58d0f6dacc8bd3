"""The API keys of a project, made and revoked on its pages."""

import html
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from domain.api_key import ApiKey, digest_of
from tests.entrypoints.console.browser import Browser, Page, signed_in
from tests.support.builders import a_project
from tests.support.program import Server
from tests.support.stores import Account, Store


@pytest.fixture
def shop(store: Store, server: Server) -> Account:
    """A project of the test's own."""
    return store.account()


@pytest.fixture
def her(server: Server, store: Store, shop: Account) -> Browser:
    """A member of it."""
    return signed_in(server, store, f"{shop.project_id}@example.com", projects=(shop.project_id,))


def path_of(account: Account) -> str:
    return f"/projects/{account.project_id}/settings/keys"


def keys_of(store: Store, account: Account) -> list[ApiKey]:
    return list(store.use(lambda c: c.keys().of_project(account.project_id)))


def secret_on(page: Page) -> str:
    """The key that the page shows."""
    found = re.search(r'value="(swk_\w+)"', page.text)
    assert found is not None
    return found[1]


def a_form(browser: Browser, path: str) -> dict[str, str]:
    """What names the form on the page at *path*."""
    found = re.search(r'name="once" value="(\w+)"', browser.get(path).text)
    assert found is not None
    return {"once": found[1]}


def lines_on(page: Page) -> str:
    """What the page gives to paste."""
    found = re.search(r"<textarea[^>]*>\n(.*)</textarea>", page.text, re.DOTALL)
    assert found is not None
    return html.unescape(found[1])


@pytest.mark.usefixtures("curl_and_openssl")
def test_a_servers_key_is_shown_once_with_a_line_that_makes_a_lead(
    server: Server, store: Store, her: Browser, shop: Account
) -> None:
    made = her.post(f"{path_of(shop)}/new", {"label": "shop server", "for": "server"})
    listed = her.get(path_of(shop))
    line = lines_on(made)
    sent = subprocess.run(["sh", "-c", line], capture_output=True, check=True)

    secret = secret_on(made)
    assert "This is not shown again" in made.words
    assert secret in line
    assert b" 201 " in sent.stdout.splitlines()[0]
    assert [lead.details.name for lead in store.leads(shop)] == ["Ada Lovelace"]
    assert secret not in listed.text
    assert f"shop server A server {secret[-4:]}" in listed.words


def test_a_pages_key_comes_with_the_lines_for_the_page(
    server: Server, store: Store, her: Browser, shop: Account
) -> None:
    made = her.post(f"{path_of(shop)}/new", {"label": "landing page", "for": "page"})

    key = keys_of(store, shop)[-1]
    assert (key.label, key.for_page) == ("landing page", True)
    assert f'fetch("{server.url}/api/public/lead"' in lines_on(made)
    assert f"'X-Api-Key': '{secret_on(made)}'" in lines_on(made)
    assert "<form id=" not in made.text  # it is text, not a form of ours


def test_a_pages_key_is_warned_of_until_it_is_revoked_or_the_project_lists_a_domain(
    store: Store, her: Browser, shop: Account
) -> None:
    said = ["Any page may use" in her.get(path_of(shop)).words]
    for mend in (_revoke_the_last_key, _list_a_domain):
        made = her.post(f"{path_of(shop)}/new", {"for": "page"})
        listed = her.get(path_of(shop))
        mend(store, shop)
        pages = (made, listed, her.get(path_of(shop)))
        said += ["Any page may use" in page.words for page in pages]

    assert said == [False, *(True, True, False), *(True, True, False)]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"label": "a\u202eb", "for": "page"}, "no invisible characters"),
        ({"label": "long " * 21, "for": "page"}, "at most 100 characters"),
        ({"label": "shop", "for": ""}, "Say where the key will stand."),
        ({"label": "shop", "for": "anything"}, "Say where the key will stand."),
    ],
)
def test_a_key_that_cannot_be_is_not_made_and_what_was_typed_stays(
    store: Store, her: Browser, shop: Account, wrong: dict[str, str], said: str
) -> None:
    page = her.post(f"{path_of(shop)}/new", wrong)

    assert page.status == 422
    assert said in page.words
    assert f'value="{wrong["label"]}"' in page.text
    assert [key.key_id for key in keys_of(store, shop)] == [shop.key_id]


def test_a_form_that_is_sent_twice_at_the_same_time_makes_one_key_and_shows_it_twice(
    store: Store, her: Browser, shop: Account
) -> None:
    path = f"{path_of(shop)}/new"
    asked = {**a_form(her, path), "label": "shop server", "for": "server"}
    with ThreadPoolExecutor() as pool:
        twice = [*pool.map(her.post, [path] * 2, [asked] * 2)]
    [made] = keys_of(store, shop)[1:]
    store.use(lambda c: c.revoke_key()(made.key_id))
    late = her.post(path, asked)

    assert secret_on(twice[0]) == secret_on(twice[1])
    assert made.digest == digest_of(secret_on(twice[0]))
    assert late.location == f"/console{path_of(shop)}"


def test_the_same_form_with_something_else_in_it_and_another_persons_make_keys_of_their_own(
    server: Server, store: Store, her: Browser, admin: Browser, shop: Account, other: Account
) -> None:
    path = f"{path_of(shop)}/new"
    asked = {**a_form(her, path), "label": "shop", "for": "server"}
    sent = (
        *((her, path, {**asked, **more}) for more in ({}, {"label": "a"}, {"for": "page"})),
        (her, path, {"label": "shop", "for": "server"}),  # without the name of a form
        (her, path, {"label": "shop", "for": "server"}),
        (admin, path, asked),
        (admin, f"{path_of(other)}/new", asked),
    )
    secrets = {secret_on(who.post(where, form)) for who, where, form in sent}

    assert len(secrets) == len(sent)


def test_revoking_is_asked_on_a_page_of_its_own_and_then_done(
    store: Store, her: Browser, shop: Account
) -> None:
    path = f"{path_of(shop)}/{shop.key_id}/revoke"
    asked = her.get(path)
    left_alone = keys_of(store, shop)[0].revoked_at
    done = her.post(path)
    listed = her.get((done.location or "").removeprefix("/console"))

    assert "Revoke the key first" in asked.words
    assert "It was never used." in asked.words
    assert 'aria-current="page">Settings' in asked.text  # so one sees of which project
    assert left_alone is None
    assert keys_of(store, shop)[0].revoked_at is not None
    assert "The key is revoked." in listed.words
    assert "Revoked just now" in listed.words
    assert her.post(path).status == 303  # as a second press of the button is


def test_a_key_is_revoked_on_the_page_of_its_own_project_alone(
    store: Store, admin: Browser, shop: Account, other: Account
) -> None:
    path = f"{path_of(shop)}/{other.key_id}/revoke"

    assert (admin.get(path).status, admin.post(path).status) == (404, 404)
    assert keys_of(store, other)[0].revoked_at is None


def test_a_channels_key_is_not_among_them(store: Store, her: Browser, shop: Account) -> None:
    channels = store.use(lambda c: c.create_key()(shop.project_id, channel="whatsapp")).kept

    assert channels.hint not in her.get(path_of(shop)).words
    assert her.post(f"{path_of(shop)}/{channels.key_id}/revoke").status == 404
    assert keys_of(store, shop)[-1].revoked_at is None


def test_a_label_is_text_wherever_it_is_shown(store: Store, her: Browser, shop: Account) -> None:
    made = store.use(lambda c: c.create_key()(shop.project_id, label="<b>bold</b>")).kept

    for path in (path_of(shop), f"{path_of(shop)}/{made.key_id}/revoke"):
        text = her.get(path).text
        assert "<b>" not in text
        assert "&lt;b&gt;bold&lt;/b&gt;" in text


def test_a_project_without_a_key_says_what_that_means(store: Store, admin: Browser) -> None:
    bare = a_project()
    store.use(lambda c: c.projects().add(bare))

    assert (
        "This project has no key" in admin.get(f"/projects/{bare.project_id}/settings/keys").words
    )


def _revoke_the_last_key(store: Store, account: Account) -> None:
    key_id = keys_of(store, account)[-1].key_id
    store.use(lambda c: c.revoke_key()(key_id))


def _list_a_domain(store: Store, account: Account) -> None:
    store.update(account, add_domains=["shop.example"])
