"""Which pages an allowlist lets in, by the origin that a browser names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.internet import PublishedAddressSyntax
from domain.allowlist import AllowedDomain, InvalidDomain, is_allowed, parse_domain

CANONICAL = PublishedAddressSyntax().canonical_host


def allows(
    *entries: str,
    origin: str | None = None,
    referer: str | None = None,
    require_origin: bool = False,
) -> bool:
    domains = [parse_domain(entry, CANONICAL) for entry in entries]
    return is_allowed(domains, require_origin=require_origin, origin=origin, referer=referer)


@pytest.mark.parametrize(
    ("entry", "origin"),
    [
        ("example.com", "https://example.com"),
        ("example.com", "http://example.com"),
        ("example.com", "https://www.example.com"),
        ("www.example.com", "https://www.example.com"),
        ("www.example.com", "https://example.com"),
        ("https://www.example.com:8443", "https://example.com:8443"),
        ("www.example.co.uk", "https://example.co.uk"),
        ("www.com", "https://www.com"),
        ("www.com", "https://www.www.com"),
        ("www.www.example.com", "https://www.example.com"),
        ("example.com", "https://EXAMPLE.com:443"),
        ("example.com", "HTTPS://example.com"),
        ("example.com", "https://example.com."),
        ("example.com", "https://example.com:8443"),
        ("example.com", "https://example.com/"),
        ("https://example.com:8443", "https://example.com:8443/"),
        ("*.example.com", "https://sub.example.com"),
        ("*.example.com", "https://a.b.example.com"),
        ("*.example.com", "https://www.example.com"),
        ("https://example.com", "https://example.com"),
        ("https://example.com", "https://www.example.com"),
        ("https://example.com:443", "https://example.com"),
        ("https://example.com:8443", "https://example.com:8443"),
        ("https://*.example.com:8443", "https://sub.example.com:8443"),
        ("http://example.com:443", "http://example.com:443"),
        ("example.com:8443", "http://example.com:8443"),
        ("example.com:443", "https://example.com"),
        ("example.com:80", "http://example.com"),
        ("bücher.example.com", "https://xn--bcher-kva.example.com"),
        ("faß.de", "https://xn--fa-hia.de"),
        ("localhost", "http://localhost:3000"),
        ("localhost:3000", "http://localhost:3000"),
        ("127.0.0.1", "http://127.0.0.1:8080"),
        ("[::1]", "http://[::1]:8080"),
        ("http://[0:0::1]:8080", "http://[::1]:8080"),
    ],
)
def test_an_entry_lets_the_pages_in_that_it_means(entry: str, origin: str) -> None:
    assert allows(entry, origin=origin)


@pytest.mark.parametrize(
    ("entry", "origin"),
    [
        ("example.com", "https://evil.com"),
        ("example.com", "https://evilexample.com"),
        ("example.com", "https://example.com.evil.com"),
        ("example.com", "https://example.co"),
        ("example.com", "https://sub.example.com"),
        ("example.com", "https://www.www.example.com"),
        ("example.com", "https://wwwexample.com"),
        ("www.example.com", "https://www.www.example.com"),
        ("www.example.com", "https://sub.example.com"),
        ("www.www.example.com", "https://example.com"),
        ("wwwexample.com", "https://example.com"),
        ("www.com", "https://com"),
        ("*.www.example.com", "https://example.com"),
        ("https://www.example.com", "http://example.com"),
        ("*.example.com", "https://example.com"),
        ("*.example.com", "https://evilexample.com"),
        ("*.example.com", "https://.example.com"),
        ("*.example.com", "https://a..example.com"),
        ("https://example.com", "http://example.com"),
        ("https://example.com", "https://example.com:8443"),
        ("http://example.com", "https://example.com"),
        ("https://example.com:8443", "https://example.com"),
        ("https://example.com:8443", "http://example.com:8443"),
        ("example.com:8443", "https://example.com"),
        ("example.com:443", "http://example.com"),
        ("faß.de", "https://fass.de"),
        ("127.0.0.1", "http://127.0.0.2"),
    ],
)
def test_an_entry_keeps_every_other_page_out(entry: str, origin: str) -> None:
    assert not allows(entry, origin=origin)


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "NULL",
        "null/",
        "https://null",
        "example.com",
        "//example.com",
        "https://",
        "https://.",
        "https://example.com..",
        "https://example\u3002com",
        "https://\uff45xample.com",
        "https://\u212aexample.com",
        "https://example.com@evil.com",
        "https://user:pass@example.com",
        "https://evil.com\\@example.com",
        "https://exa\tmple.com",
        "https://example.com\n",
        "\nhttps://example.com",
        " https://example.com",
        "https://example.com ",
        "https://example.com\0",
        "https://example.com//",
        "https://example.com/path",
        "https://example.com/?x",
        "https://example.com?x",
        "https://example.com#x",
        "https://example.com, https://evil.com",
        "https://evil.com, https://example.com",
        "https://example.com https://evil.com",
        "chrome-extension://example.com",
        "ftp://example.com",
        "file://",
        "file://example.com",
        "https:example.com",
        "https:/example.com",
        "https:///example.com",
        "https://[::1",
        "https://example.com:",
        "https://example.com:0",
        "https://example.com:port",
        "https://example.com:99999",
        "https://example.com:65536",
        "https://example.com:-1",
        "https://example.com:443:443",
        "https://example.com:٤٤٣",
        "https://example.com\udcff",
        "\udcff",
        "https://" + "a" * 8192 + ".example.com",
    ],
)
def test_what_is_not_plainly_a_web_origin_is_not_allowed(origin: str) -> None:
    assert not allows("example.com", "*.example.com", "[::1]", origin=origin)


def test_letters_of_other_scripts_in_an_origin_are_not_folded_into_ascii() -> None:
    kelvin = "https://\u212aiosk.com"  # str.lower() makes a plain k of the Kelvin sign

    assert allows("kiosk.com", origin="https://Kiosk.com")
    assert not allows("kiosk.com", origin=kelvin)
    assert not allows("kiosk.com", referer=kelvin + "/")


@pytest.mark.parametrize("unsaid", ["", "about:blank"])
def test_a_header_that_says_nothing_is_as_if_absent(unsaid: str) -> None:
    assert allows("example.com", origin=unsaid)
    assert allows("example.com", referer=unsaid)
    assert allows("example.com", origin=unsaid, referer="https://example.com/page")
    assert not allows("example.com", origin=unsaid, referer="https://evil.com/")
    assert not allows("example.com", origin=unsaid, referer=unsaid, require_origin=True)


def test_a_page_of_unknown_origin_comes_in_by_the_entry_null_alone() -> None:
    assert allows("example.com", "null", origin="null")
    assert allows("example.com", "null", origin="https://example.com")
    assert not allows("example.com", "null", origin="https://evil.com")
    for other in ("https://null", "http://null:80", "https://www.null", "NULL", "null/", "null."):
        assert not allows("null", origin=other)
    assert not allows("null", referer="null")


def test_a_server_that_sends_neither_header_is_let_in_unless_an_origin_is_required() -> None:
    assert allows("example.com")
    assert not allows("example.com", require_origin=True)
    assert not allows(require_origin=True)


@pytest.mark.parametrize("require_origin", [True, False])
def test_an_empty_list_allows_every_page(require_origin: bool) -> None:
    assert allows(origin="https://evil.com", require_origin=require_origin)
    assert allows(referer="https://evil.com/", require_origin=require_origin)


@pytest.mark.parametrize("entry", ["a.com,b.com", "a.com b.com", " a.com ; *.b.com, "])
def test_several_entries_in_one_are_called_that(entry: str) -> None:
    with pytest.raises(InvalidDomain, match="more than one domain"):
        parse_domain(entry, CANONICAL)


def test_one_entry_of_several_suffices() -> None:
    assert allows("other.com", "example.com", "*.third.com", origin="https://example.com")


ODD_TEXT = st.text(st.characters(exclude_categories=()), max_size=40)


@given(prefix=st.sampled_from(["", "https://", "https://example.com", "http://["]), rest=ODD_TEXT)
def test_no_header_whatever_raises(prefix: str, rest: str) -> None:
    domains = [AllowedDomain("example.com"), AllowedDomain("example.com", any_subdomain=True)]

    for headers in ({"origin": prefix + rest, "referer": None}, {"origin": None, "referer": rest}):
        assert is_allowed(domains, require_origin=False, **headers) in (True, False)
