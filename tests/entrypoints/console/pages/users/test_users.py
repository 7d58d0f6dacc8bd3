"""Who may open the console, as an admin sees and changes it."""

import re

import pytest

from domain.users.user import User
from entrypoints.console import words
from entrypoints.console.frame.cookies import Cookie
from tests.entrypoints.console.browser import PASSWORD, Browser, signed_in
from tests.support.program import Server, serving
from tests.support.stores import Account, Store


def link_in(text: str) -> str:
    found = re.search(r'value="[^"]*/console(/link\?token=[\w-]+)"', text)
    assert found is not None
    return found[1]


def find(store: Store, email: str) -> User | None:
    return store.use(lambda c: c.users().find(email))


def test_an_invited_member_chooses_a_password_and_sees_her_projects_alone(
    store: Store, admin: Browser, visitor: Browser, acme: Account, other: Account
) -> None:
    page = admin.post("/users/invite", {"email": "Her@Example.com", "project": acme.project_id})
    link = link_in(page.text)
    visitor.get(link)
    visitor.post("/link", {"token": link.partition("token=")[2], "password": PASSWORD})

    assert "This is not shown again" in page.words
    assert page.headers["Cache-Control"] == "no-store"
    words = visitor.get().words
    assert "Acme Ltd" in words
    assert "Another's" not in words
    assert "her@example.com" in admin.get("/users").words


def test_an_invitation_that_is_wrong_says_so_and_keeps_what_was_typed(
    admin: Browser, acme: Account
) -> None:
    wrong = admin.post("/users/invite", {"email": "no address", "project": acme.project_id})
    taken = admin.post("/users/invite", {"email": "ADMIN@example.com", "admin": "on"})

    assert (wrong.status, taken.status) == (422, 422)
    assert 'value="no address"' in wrong.text
    assert f'value="{acme.project_id}" checked' in wrong.text
    assert "There is a user with this e-mail already." in taken.words


def test_a_project_that_is_not_there_is_given_to_nobody(store: Store, admin: Browser) -> None:
    admin.post("/users/invite", {"email": "made.up@example.com", "project": "prj_made_up"})

    assert find(store, "made.up@example.com").project_ids == ()


def test_a_users_name_is_text_wherever_it_is_shown(admin: Browser, store: Store) -> None:
    store.account("<b>Bold & Co</b>")

    text = admin.get("/users/invite").text
    assert "<b>" not in text
    assert "&lt;b&gt;Bold &amp; Co&lt;/b&gt;" in text


def test_role_and_projects_are_changed(
    store: Store, admin: Browser, acme: Account, other: Account
) -> None:
    admin.post("/users/invite", {"email": "changed@example.com", "project": acme.project_id})
    path = f"/users/{find(store, 'changed@example.com').user_id}"
    opened = admin.get(path)
    admin.post(path, {"admin": "on", "project": other.project_id})

    assert f'value="{acme.project_id}" checked' in opened.text
    user = find(store, "changed@example.com")
    assert (user.admin, user.project_ids) == (True, (other.project_id,))


def test_of_two_admins_who_have_the_page_open_neither_undoes_what_the_other_saves(
    store: Store, admin: Browser, acme: Account, other: Account
) -> None:
    admin.post("/users/invite", {"email": "both@example.com", "project": acme.project_id})
    path = f"/users/{find(store, 'both@example.com').user_id}"
    opened = admin.get(path).shown
    admin.post(path, {**opened, "admin": "on"})
    admin.post(path, {**opened, "project": other.project_id})

    user = find(store, "both@example.com")
    assert (user.admin, user.project_ids) == (True, (other.project_id,))


def test_a_new_link_ends_the_older(store: Store, admin: Browser, visitor: Browser) -> None:
    older = link_in(admin.post("/users/invite", {"email": "again@example.com"}).text)
    path = f"/users/{find(store, 'again@example.com').user_id}/link"
    newer = link_in(admin.post(path).text)

    assert visitor.get(older).status == 410
    assert visitor.get(newer).status == 200


def test_a_link_leads_to_where_the_page_was_opened_and_warns_that_this_is_a_loopback_address(
    store: Store, admin: Browser
) -> None:
    invited = admin.post("/users/invite", {"email": "where@example.com"})
    again = admin.post(f"/users/{find(store, 'where@example.com').user_id}/link")

    for page in (invited, again):
        assert f'value="http://127.0.0.1:{admin.port}/console/link?token=' in page.text
        assert "nobody outside this machine can open it" in page.words


def test_a_link_below_a_public_address_is_shown_without_its_login(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    store = Store(tmp_path_factory.mktemp("public") / "leads.db")
    public_url = "http://us:word@crm.example.com/crm"
    with serving(store, PUBLIC_URL=public_url) as server:
        admin = signed_in(server, store, "admin@example.com", admin=True)
        page = admin.post("/users/invite", {"email": "her@example.com"})

    assert 'value="http://crm.example.com/crm/console/link?token=' in page.text
    assert "nobody outside this machine" not in page.words


def test_who_removes_herself_is_signed_out_at_once(server: Server, store: Store) -> None:
    her = signed_in(server, store, "herself@example.com", admin=True)
    path = f"/users/{find(store, 'herself@example.com').user_id}/remove"

    assert "This is you: you are signed out at once." in her.get(path).words
    assert her.post(path).location == "/console/sign-in"
    assert words.DONE["you-removed"] in her.get("/sign-in").words
    assert not her.cookies.keys() & {Cookie.SESSION.value}


def test_an_admin_who_stops_being_one_goes_on_to_her_projects(
    server: Server, store: Store, acme: Account
) -> None:
    her = signed_in(server, store, "steps.down@example.com", admin=True)
    path = f"/users/{find(store, 'steps.down@example.com').user_id}"

    assert "This is you: without it you see only the projects ticked below" in her.get(path).words
    kept = her.post(path, {"admin": "on", "project": acme.project_id})
    assert kept.location == "/console/users"
    stopped = her.post(path, {"project": acme.project_id})
    assert stopped.location == "/console"


def test_who_is_removed_is_out_and_gone(server: Server, store: Store, admin: Browser) -> None:
    browser = signed_in(server, store, "removed@example.com")
    path = f"/users/{find(store, 'removed@example.com').user_id}/remove"

    assert "Remove removed@example.com?" in admin.get(path).words
    assert find(store, "removed@example.com") is not None
    assert admin.post(path).location == "/console/users"
    assert find(store, "removed@example.com") is None
    server.wait_until(lambda: browser.get("/account").status == 303)


def test_the_last_admin_stays_and_the_page_says_why(tmp_path_factory) -> None:
    store = Store(tmp_path_factory.mktemp("last") / "leads.db")
    with serving(store) as server:
        admin = signed_in(server, store, "only@example.com", admin=True)
        path = f"/users/{find(store, 'only@example.com').user_id}"
        demoted, removed = admin.post(path), admin.post(f"{path}/remove")

    assert (demoted.status, removed.status) == (422, 422)
    assert "This is the only admin" in demoted.words
    assert "This is the only admin" in removed.words
    assert find(store, "only@example.com").admin


def test_an_id_that_is_none_is_not_there(admin: Browser) -> None:
    assert admin.get("/users/usr_none").status == 404
    assert admin.get("/users/admin@example.com").status == 404
