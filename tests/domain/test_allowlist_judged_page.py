"""What a log may say of the page that was judged: its host, or why there is none."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.allowlist import judged_page


@pytest.mark.parametrize(
    ("origin", "named"),
    [
        ("https://evil.com", "evil.com"),
        ("HTTPS://Shop.EVIL.com.:443", "shop.evil.com"),
        ("http://evil.com:80", "evil.com"),
        ("https://evil.com:80", "evil.com:80"),
        ("http://[::1]:8080", "[::1]:8080"),
        ("null", "null"),
        ("https://evil.com/", "evil.com"),
        ("file://", "odd"),
        ("https://ada@evil.com", "odd"),
        ("https://evil.com/ada", "odd"),
    ],
)
def test_a_page_is_named_by_its_host(origin: str, named: str) -> None:
    assert judged_page(origin=origin, referer="https://example.com/") == named


@pytest.mark.parametrize(
    ("referer", "named"),
    [
        ("https://evil.com/ada?email=ada@example.com#ada", "evil.com"),
        ("https://evil.com:8443/ada", "evil.com:8443"),
        ("null", "odd"),
        ("about:srcdoc", "odd"),
        ("https://evil.com/\udcff", "evil.com"),
        (None, "none"),
    ],
)
def test_without_an_origin_it_is_the_host_of_the_referer_alone(
    referer: str | None, named: str
) -> None:
    assert judged_page(origin=None, referer=referer) == named


@pytest.mark.parametrize("unsaid", ["", "about:blank"])
def test_a_header_that_says_nothing_is_as_if_absent(unsaid: str) -> None:
    assert judged_page(origin=unsaid, referer="https://evil.com/ada") == "evil.com"
    assert judged_page(origin=unsaid, referer=unsaid) == "none"


HEADER = st.one_of(st.none(), st.text(st.characters(exclude_categories=()), max_size=40))
LONG = st.from_regex(
    re.compile(r"https://[a-z.@/]{200,300}(:[0-9]{1,5})?", re.ASCII), fullmatch=True
)


@given(origin=st.one_of(HEADER, LONG), referer=HEADER)
def test_whatever_is_sent_a_page_is_named_in_few_plain_characters(
    origin: str | None, referer: str | None
) -> None:
    named = judged_page(origin=origin, referer=referer)

    assert re.fullmatch(r"[a-z0-9.:\[\]-]{1,261}", named, re.ASCII)
