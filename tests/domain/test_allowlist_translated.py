"""A page read through Google's translation, whose copy an entry without scheme and port means."""

import pytest

from adapters.internet import PublishedAddressSyntax
from domain.allowlist import is_allowed, parse_domain

CANONICAL = PublishedAddressSyntax().canonical_host


def allows(entry: str, origin: str, *, for_page: bool = False) -> bool:
    return is_allowed(
        [parse_domain(entry, CANONICAL)],
        require_origin=False,
        origin=origin,
        referer=None,
        for_page=for_page,
    )


@pytest.mark.parametrize(
    ("entry", "origin"),
    [
        ("example.com", "https://example-com.translate.goog"),
        ("example.com", "https://www-example-com.translate.goog"),
        ("example.com", "HTTPS://Example-Com.Translate.GOOG.:443/"),
        ("my-site.com", "https://my--site-com.translate.goog"),
        ("a--b.com", "https://a----b-com.translate.goog"),
        ("*.shop.example.org", "https://a-b-shop-example-org.translate.goog"),
        ("münchen.de", "https://xn----mnchen--3ya-de.translate.goog"),
        # Who has listed the copy itself still has it.
        ("example-com.translate.goog", "https://example-com.translate.goog"),
        ("https://example-com.translate.goog", "https://example-com.translate.goog"),
    ],
)
def test_the_copy_of_a_listed_page_comes_in(entry: str, origin: str) -> None:
    assert allows(entry, origin)
    assert allows(entry, origin, for_page=True)


@pytest.mark.parametrize(
    ("entry", "origin"),
    [
        ("example.com", "https://evil-com.translate.goog"),
        ("*.shop.example.org", "https://a---shop-example-org.translate.goog"),
        ("*.example.org", "https://---example-org.translate.goog"),
        ("example.com", "https://example--com.translate.goog"),
        ("example.com", "https://evilexample-com.translate.goog"),
        ("example.com", "https://example-com-evil-com.translate.goog"),
        ("example.com", "https://shop-example-com.translate.goog"),
        ("example.com", "https://example-com.translate.goog.evil.com"),
        ("example.com", "https://example-com.eviltranslate.goog"),
        ("example.com", "https://example-com.translate.evil.goog"),
        ("example.com", "https://x.example-com.translate.goog"),
        ("example.com", "https://example.com.translate.goog"),
        ("example.com", "https://example-com.translate.goog@evil.com"),
        ("example.com", "https://example--com-translate-goog.translate.goog"),
        ("example.com", "https://example-com-.translate.goog"),
        ("example.com", "https://-example-com.translate.goog"),
        ("example.com", "https://translate.goog"),
        ("example.com", "https://.translate.goog"),
        ("example.com", "https://example-com\u3002translate.goog"),
        ("example.com", "ftp://example-com.translate.goog"),
        ("*.example.com", "https://example-com.translate.goog"),
        ("*.example.com", "https://-example-com.translate.goog"),
        ("*.example.com", "https://evil--example-com.translate.goog"),
        ("my-site.com", "https://my-site-com.translate.goog"),
        ("münchen.de", "https://xn--mnchen-3ya-de.translate.goog"),
        ("münchen.de", "https://münchen-de.translate.goog"),
        ("https://example.com", "https://example-com.translate.goog"),
        ("example.com:443", "https://example-com.translate.goog"),
        ("https://example.com:8443", "https://example-com.translate.goog:8443"),
        ("null", "https://null.translate.goog"),
    ],
)
def test_every_other_copy_stays_out(entry: str, origin: str) -> None:
    assert not allows(entry, origin)
