import pytest

from domain.allowlist import is_allowed, stored_domain


def allows(entry: str, *, origin: str | None = None, referer: str | None = None) -> bool:
    domains = [stored_domain(entry)]
    return is_allowed(domains, require_origin=False, origin=origin, referer=referer)


@pytest.mark.parametrize(
    "referer",
    [
        "https://example.com",
        "https://example.com/",
        "https://example.com/page?x",
        "https://EXAMPLE.com./Page?X=Y#z",
        "https://example.com?x=a/b",
        "https://example.com:8443/a",
        "https://example.com/über-uns",
        "https://example.com/a b",
        "https://example.com?\udcff",
        "https://example.com#\u212a\n\0",
        "https://example.com/https://evil.com/",
        "https://example.com/\\@evil.com/",
        "http://www.example.com/" + "a" * 8192,
    ],
)
def test_without_an_origin_the_host_of_the_referer_decides(referer: str) -> None:
    assert allows("example.com", referer=referer)
    assert not allows("other.com", referer=referer)


@pytest.mark.parametrize(
    "referer",
    [
        "garbage",
        "null",
        "about:srcdoc",
        "https://evil.com/https://example.com/",
        "https://evil.com?https://example.com",
        "https://example.com@evil.com/",
        "https://evil.com\\@example.com/",
        "https://example.com.evil.com/",
        "https://example.com:99999/",
        "https://[::1/",
        "https://example.com\udcff/",
        "https://example.com\\/@evil.com/",
        "https://\u212aexample.com/",
        "https://user@example.com/",
        "https://exa\tmple.com/",
        "android-app://example.com/",
        "x" * 8192,
    ],
)
def test_an_odd_referer_is_not_allowed(referer: str) -> None:
    assert not allows("example.com", referer=referer)


def test_an_origin_is_never_rescued_by_a_referer() -> None:
    good, evil = "https://example.com", "https://evil.com"

    assert not allows("example.com", origin=evil, referer=good)
    assert not allows("example.com", origin="null", referer=good)
    assert allows("example.com", origin=good, referer=evil)
