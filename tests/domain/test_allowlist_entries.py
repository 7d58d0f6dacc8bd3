"""What an entry of an allowlist may be, and that it means the same once it is stored."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from adapters.internet import PublishedAddressSyntax
from domain.allowlist import (
    DEFAULT_PORTS,
    AllowedDomain,
    InvalidDomain,
    is_allowed,
    parse_domain,
    stored_domain,
)

CANONICAL = PublishedAddressSyntax().canonical_host


@pytest.mark.parametrize(
    ("entry", "canonical"),
    [
        ("example.com", "example.com"),
        ("  EXAMPLE.com.  ", "example.com"),
        ("www.example.com", "www.example.com"),
        ("*.Example.com", "*.example.com"),
        ("HTTPS://Example.com", "https://example.com"),
        ("https://example.com/", "https://example.com"),
        ("https://example.com:443", "https://example.com"),
        ("http://example.com:80", "http://example.com"),
        ("https://example.com:80", "https://example.com:80"),
        ("https://*.example.com:8443/", "https://*.example.com:8443"),
        ("example.com:443", "example.com:443"),
        ("bücher.de", "xn--bcher-kva.de"),
        ("BÜCHER.de", "xn--bcher-kva.de"),
        ("faß.de", "xn--fa-hia.de"),
        ("пример.рф", "xn--e1afmkfd.xn--p1ai"),
        ("xn--bcher-kva.de", "xn--bcher-kva.de"),
        ("localhost:3000", "localhost:3000"),
        ("127.0.0.1", "127.0.0.1"),
        ("[0:0::1]:8080", "[::1]:8080"),
        ("[2001:DB8::1]", "[2001:db8::1]"),
        ("null", "null"),
        (" NULL ", "null"),
        ("example-com.translate.goog", "example-com.translate.goog"),
    ],
)
def test_an_entry_is_made_canonical_when_it_is_saved(entry: str, canonical: str) -> None:
    domain = parse_domain(entry, CANONICAL)

    assert str(domain) == canonical
    assert stored_domain(canonical) == domain


def test_the_parts_of_an_entry_are_told_apart() -> None:
    domain = parse_domain("https://*.example.com:8443", CANONICAL)

    assert domain == AllowedDomain("example.com", any_subdomain=True, scheme="https", port=8443)


@pytest.mark.parametrize(
    "entry",
    [
        "",
        "  ",
        "*",
        "*.",
        "*.*.example.com",
        "a.*.example.com",
        "exam*ple.com",
        "example.com/path",
        "https://example.com/path",
        "https://example.com?x",
        "https://",
        "ftp://example.com",
        "//example.com",
        "user@example.com",
        "exa mple.com",
        "example.com, other.com",
        "example.com:port",
        "example.com:0",
        "example.com:65536",
        "example.com:999999",
        "https://null",
        "null:443",
        "*.null",
        "com",
        "co.uk",
        "*.com",
        "*.co.uk",
        "github.io",
        "-example.com",
        "exa_mple.com",
        "a" * 64 + ".com",
        "127.0.0.256",
        "*.127.0.0.1",
        "*.[::1]",
        "[::1",
        "[::g]",
        "::1",
        "http\u017f://example.com",
        "http\u017f://example.com:443",
    ],
)
def test_what_cannot_be_an_entry_is_refused_when_it_is_saved(entry: str) -> None:
    with pytest.raises(InvalidDomain):
        parse_domain(entry, CANONICAL)


@given(st.text(st.characters(exclude_categories=()), max_size=30))
def test_whatever_a_person_types_is_an_entry_or_is_refused(entry: str) -> None:
    try:
        domain = parse_domain(entry, CANONICAL)
    except InvalidDomain:
        return

    assert stored_domain(str(domain)) == domain
    assert str(domain).isascii()


HOSTS = st.from_regex(r"([a-z0-9]{1,8}\.){1,3}[a-z]{2,5}", fullmatch=True)


@given(
    host=HOSTS,
    any_subdomain=st.booleans(),
    scheme=st.sampled_from([None, *DEFAULT_PORTS]),
    port=st.none() | st.integers(1, 65535),
)
def test_a_canonical_entry_is_read_back_as_it_was_written(
    host: str, any_subdomain: bool, scheme: str | None, port: int | None
) -> None:
    written = AllowedDomain(
        host,
        any_subdomain,
        scheme,
        None if scheme is not None and port == DEFAULT_PORTS[scheme] else port,
    )

    assert stored_domain(str(written)) == written


ENTRIES = st.from_regex(
    r"(HTTPS?://|https?://)?(\*\.)?([A-Za-z0-9]{1,8}\.){1,2}[a-z]{2,3}(:[1-9][0-9]{0,3})?/?",
    fullmatch=True,
)


@given(ENTRIES)
def test_an_entry_that_was_saved_can_be_saved_again(entry: str) -> None:
    try:
        domain = parse_domain(entry, CANONICAL)
    except InvalidDomain:
        assume(False)

    assert parse_domain(str(domain), CANONICAL) == domain


@given(ENTRIES)
def test_an_entry_lets_its_own_pages_in(entry: str) -> None:
    try:
        domain = parse_domain(entry, CANONICAL)
    except InvalidDomain:
        assume(False)
    subdomain = "a." if domain.any_subdomain else ""
    port = f":{domain.port}" if domain.port else ""
    origin = f"{domain.scheme or 'https'}://{subdomain}{domain.host}{port}"

    assert is_allowed([domain], require_origin=True, origin=origin, referer=None)
