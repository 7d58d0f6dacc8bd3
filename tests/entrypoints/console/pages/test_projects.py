"""The projects that a visitor sees."""

from tests.entrypoints.console.browser import Browser, signed_in
from tests.support.program import Server
from tests.support.stores import Account, Store


def test_the_address_without_a_path_leads_to_them(visitor: Browser) -> None:
    assert visitor.send("GET", "/").location == "/console"


def test_a_member_sees_those_she_was_given_and_an_admin_all(
    member: Browser, admin: Browser, acme: Account, other: Account
) -> None:
    hers, all_of_them = member.get(), admin.get()

    assert f"/console/projects/{acme.project_id}" in hers.text
    assert other.project_id not in hers.text
    assert other.project_id in all_of_them.text


def test_inside_a_project_the_others_are_one_menu_away(
    admin: Browser, member: Browser, acme: Account, other: Account
) -> None:
    path = f"/projects/{acme.project_id}"

    assert f"/console/projects/{other.project_id}" in admin.get(path).text
    assert other.project_id not in member.get(path).text


def test_who_was_given_none_reads_what_to_do(server: Server, store: Store) -> None:
    words = signed_in(server, store, "none@example.com").get().words

    assert "Ask your administrator" in words
