"""Where a form may come from, and where a redirect may go."""

import pytest
from sanic.compat import Header

from adapters.internet import PublishedAddressSyntax
from domain.users.refusals import NotOurForm
from entrypoints.console.frame.addresses import Addresses, own_path

PUBLIC = "https://leads.example.com"
LOOPBACK = "http://127.0.0.1:8000"


def addresses_of(public_url: str) -> Addresses:
    return Addresses(public_url, PublishedAddressSyntax().canonical_host)


def is_taken(public_url: str, **headers: str) -> bool:
    named = Header([(name.replace("_", "-"), value) for name, value in headers.items()])
    try:
        addresses_of(public_url).refuse_foreign(named)
    except NotOurForm:
        return False
    return True


@pytest.mark.parametrize("origin", [PUBLIC, "https://leads.example.com:443"])
def test_a_form_of_the_public_address_is_taken_whatever_host_the_proxy_calls(origin: str) -> None:
    assert is_taken(PUBLIC, origin=origin, host="10.0.0.7:8000")


def test_a_form_of_an_international_address_is_taken_as_browsers_write_it() -> None:
    assert is_taken("https://bücher.example", origin="https://xn--bcher-kva.example")
    assert not is_taken("https://bü cher.example", origin=PUBLIC)


@pytest.mark.parametrize(
    "origin",
    [
        "http://leads.example.com",
        "https://leads.example.com:8443",
        "https://example.com",
        "https://leads.example.com.evil.example",
        "https://leads.example.com@evil.example",
        "https://leads.example.com/console",
        "http://127.0.0.1:8000",
        "null",
        "",
        "https://[",
        "https://leads.example.com:x",
    ],
)
def test_a_form_of_any_other_address_is_refused(origin: str) -> None:
    assert not is_taken(PUBLIC, origin=origin, host="127.0.0.1:8000")


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://127.0.0.1:8000", "127.0.0.1:8000"),
        ("http://localhost:8123", "localhost:8123"),
        ("http://localhost:8123", "127.0.0.1:8123"),
        ("http://[::1]:8123", "[::1]:8123"),
        ("http://crm.localhost:8123", "crm.localhost:8123"),
        ("http://localhost", "localhost"),
    ],
)
def test_where_the_public_address_is_a_loopback_one_any_loopback_name_is_ours(
    origin: str, host: str
) -> None:
    assert is_taken(LOOPBACK, origin=origin, host=host)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://127.0.0.1:3000", "127.0.0.1:8000"),
        ("http://localhost", "localhost:8000"),
        ("http://192.168.1.5:8000", "192.168.1.5:8000"),
        ("https://evil.example:8000", "127.0.0.1:8000"),
        ("ftp://127.0.0.1:8000", "127.0.0.1:8000"),
        ("http://127.0.0.1:8000", "127.0.0.1:x"),
    ],
)
def test_there_another_port_or_another_machine_is_not(origin: str, host: str) -> None:
    assert not is_taken(LOOPBACK, origin=origin, host=host)


def test_two_origins_are_none() -> None:
    headers = Header([("origin", PUBLIC), ("origin", "https://evil.example")])

    with pytest.raises(NotOurForm):
        addresses_of(PUBLIC).refuse_foreign(headers)


@pytest.mark.parametrize(
    ("site", "taken"),
    [("same-origin", True), ("none", True), ("same-site", False), ("cross-site", False)],
)
def test_without_an_origin_the_browser_may_not_say_that_it_is_another_site(
    site: str, taken: bool
) -> None:
    assert is_taken(PUBLIC, sec_fetch_site=site, host="leads.example.com") is taken


def test_who_says_neither_is_judged_by_the_token_alone() -> None:
    assert is_taken(PUBLIC, host="leads.example.com")


@pytest.mark.parametrize(
    "path",
    ["/", "/users", "/projects/prj_1/leads?channel=rest&from=1", "/a..b/...", "/users?from=/../"],
)
def test_a_path_of_ours_is_gone_back_to(path: str) -> None:
    assert own_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "evil.example",
        "/../api/health",
        "/users/..",
        "/..//evil.example",
        "/%2e%2E/api/health",
        "/.%2e/api/health",
        "/./users",
        "/users/..?from=1",
        "/users/..#main",
        "/..%5capi",
        "/users\r\nSet-Cookie: a=b",
        "/\tusers",
        "/ü",
        " /users",
        "/users\n",
        "",
    ],
)
def test_anything_else_leads_to_the_projects(path: str) -> None:
    assert own_path(path) == ""


def test_a_path_of_the_public_address_is_in_every_link() -> None:
    addresses = addresses_of("https://example.com/crm/")

    assert addresses.url("/users") == "/crm/console/users"
    assert addresses.root == "/crm/console"


@pytest.mark.parametrize(
    ("public_url", "host", "address"),
    [
        (PUBLIC, "127.0.0.1:8000", PUBLIC),
        (f"{PUBLIC}/crm/", "leads.example.com", f"{PUBLIC}/crm"),
        ("https://us:word@leads.example.com", "", "https://us:***@leads.example.com"),
        (LOOPBACK, "localhost:9000", "http://localhost:9000"),
        (LOOPBACK, "[::1]:9000", "http://[::1]:9000"),
        (LOOPBACK, "evil.example:8000", LOOPBACK),
        (LOOPBACK, "user@127.0.0.1:8000", LOOPBACK),
        (LOOPBACK, "127.0.0.1:8000/path", LOOPBACK),
        (LOOPBACK, "127.0.0.1:x", LOOPBACK),
        (LOOPBACK, "127.0.0.1:8000' ; rm", LOOPBACK),
        (LOOPBACK, "", LOOPBACK),
    ],
)
def test_programs_call_the_public_address_or_on_this_machine_what_the_browser_called(
    public_url: str, host: str, address: str
) -> None:
    assert addresses_of(public_url).service(host) == address
