"""Which calls with a page's key come in: those that name a page which the list allows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.allowlist import is_allowed, stored_domain

LISTED, OTHER = "https://example.com", "https://evil.com"
ODD = [
    "null",
    "example.com",
    "https://",
    "https://example.com@evil.com",
    "https://exa\tmple.com",
    "https://\u212aiosk.com",
    "https://example.com:99999",
    "chrome-extension://example.com",
    "file://",
    "about:srcdoc",
]
UNSAID = [None, "", "about:blank"]


def allows(
    *entries: str,
    origin: str | None = None,
    referer: str | None = None,
    require_origin: bool = False,
) -> bool:
    domains = [stored_domain(entry) for entry in entries]
    return is_allowed(
        domains, require_origin=require_origin, origin=origin, referer=referer, for_page=True
    )


def test_a_page_that_is_listed_comes_in_and_another_does_not() -> None:
    assert allows("example.com", origin=LISTED)
    assert allows("other.com", "*.example.com", origin="https://sub.example.com:8443")
    assert not allows("example.com", origin=OTHER)
    assert not allows("https://example.com", origin="http://example.com")


@pytest.mark.parametrize("entries", [(), ("example.com",)], ids=["empty", "listed"])
@pytest.mark.parametrize("require_origin", [True, False])
@pytest.mark.parametrize("origin", UNSAID)
@pytest.mark.parametrize("referer", UNSAID)
def test_a_call_that_names_no_page_is_refused_with_an_empty_list_too(
    entries: tuple[str, ...], require_origin: bool, origin: str | None, referer: str | None
) -> None:
    assert not allows(*entries, origin=origin, referer=referer, require_origin=require_origin)


@pytest.mark.parametrize("origin", UNSAID)
def test_without_an_origin_the_page_of_the_referer_decides(origin: str | None) -> None:
    assert allows("example.com", origin=origin, referer=LISTED + "/page?x")
    assert allows(origin=origin, referer=OTHER + "/page?x")
    assert not allows("example.com", origin=origin, referer=OTHER + "/?" + LISTED)


def test_with_an_empty_list_any_web_origin_comes_in() -> None:
    assert allows(origin=OTHER)
    assert allows(origin="http://localhost:3000")
    assert allows(origin="http://[::1]:8080")


@pytest.mark.parametrize("entries", [(), ("example.com",)], ids=["empty", "listed"])
@pytest.mark.parametrize("odd", ODD)
def test_what_is_no_web_origin_is_refused_and_no_referer_rescues_it(
    entries: tuple[str, ...], odd: str
) -> None:
    assert not allows(*entries, origin=odd)
    assert not allows(*entries, origin=odd, referer=LISTED)
    assert not allows(*entries, referer=odd)


def test_a_foreign_origin_is_not_rescued_by_a_listed_referer() -> None:
    assert not allows("example.com", origin=OTHER, referer=LISTED)
    assert allows("example.com", origin=LISTED, referer=OTHER)


HEADERS = st.one_of(
    st.sampled_from([*UNSAID, *ODD, LISTED, OTHER, LISTED + "/"]),
    st.text(st.characters(exclude_categories=()), max_size=20),
)


@pytest.mark.parametrize("entries", [("null",), ("null", "example.com")])
def test_the_entry_null_lets_no_page_key_in(entries: tuple[str, ...]) -> None:
    assert not allows(*entries, origin="null")
    assert not allows(*entries, origin="null", referer=LISTED)


@given(origin=HEADERS, referer=HEADERS, entries=st.sampled_from([(), ("example.com",)]))
def test_a_page_key_never_lets_in_what_an_ordinary_key_of_a_strict_project_would_not(
    origin: str | None, referer: str | None, entries: tuple[str, ...]
) -> None:
    said = {
        name: None if header in UNSAID else header
        for name, header in {"origin": origin, "referer": referer}.items()
    }
    domains = [stored_domain(entry) for entry in entries]

    if allows(*entries, origin=origin, referer=referer):
        assert is_allowed(domains, require_origin=True, **said)
