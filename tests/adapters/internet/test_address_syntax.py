import string

import pytest
from email_validator import SPECIAL_USE_DOMAIN_NAMES, validate_email
from hypothesis import given
from hypothesis import strategies as st

from adapters.internet import PublishedAddressSyntax, address_syntax
from tests.contracts.address_syntax import AddressSyntaxContract

LETTERS = string.ascii_letters + string.digits
ENDINGS = [
    *("com", "co", "museum", "example", "test", "local", "localhost", "onion", "invalid", "arpa"),
    *("TEST", "c", "c0m", "co1", "xn--p1ai", "a" * 24, "a" * 25),
]
LONG = st.sampled_from([1, 62, 63, 64, 65]).map(lambda length: "a" * length)
LABEL = LONG | st.text(LETTERS + "-", min_size=1, max_size=6)
LOCAL = LONG | st.text(LETTERS + "._+-", min_size=1, max_size=8)
ADDRESS = st.builds(
    lambda local, labels, ending: f"{local}@{'.'.join([*labels, ending])}",
    LOCAL,
    st.lists(LABEL, min_size=1, max_size=5),
    st.sampled_from(ENDINGS),
)
NEARLY = st.text(LETTERS[:3] + "@.-_+\n\u212aé", max_size=8).flatmap(
    lambda odd: ADDRESS.map(lambda address: address.replace("a", odd, 1))
)
"""Addresses with something in them that seldom belongs there."""


class TestPublishedInternetNames(AddressSyntaxContract):
    @pytest.fixture
    def names(self) -> PublishedAddressSyntax:
        return PublishedAddressSyntax()


@given(ADDRESS | NEARLY)
def test_what_is_taken_at_once_is_an_address_to_the_library_too(text: str) -> None:
    if address_syntax._PLAIN.fullmatch(text) is not None:
        validate_email(text, check_deliverability=False, strict=True, test_environment=True)


@pytest.mark.parametrize(
    "text",
    [
        "ada.lovelace+crm@mail.example.co.uk",
        "ADA_1-2@EXAMPLE.COM",
        "a" * 64 + "@example.com",
        "ada@" + "a" * 63 + ".com",
        "ada@" + ".".join(["a" * 61] * 4) + ".co",  # 254 characters
        "ada@example.localhosts",
    ],
)
def test_an_address_as_nearly_all_are_written_is_taken_at_once(text: str) -> None:
    assert address_syntax._PLAIN.fullmatch(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "a" * 65 + "@example.com",
        "ada@" + "a" * 64 + ".com",
        "ada@" + "a" * 64 + ".example.com",
        "ada@" + ".".join(["a" * 61] * 4) + ".com",  # 255 characters
        *(f"ada@example.{name}" for name in SPECIAL_USE_DOMAIN_NAMES),
        "ada@EXAMPLE.Invalid",
        "ada@example.co1",
        "ada@a--b.com",
        "ada@-a.com",
        "ada@a-.com",
        "ada@example.com\n",
        "ada..l@example.com",
        "ada@exa\u212ample.com",
    ],
)
def test_what_may_be_none_is_left_to_the_library(text: str) -> None:
    assert address_syntax._PLAIN.fullmatch(text) is None


def test_what_is_longer_than_any_address_is_not_looked_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(address_syntax, "_PLAIN", None)
    monkeypatch.setattr(address_syntax, "validate_email", None)

    for text in ("a" * 321, "a@" * 500_000, "a." * 500_000 + "@", "a@" + "a-" * 500_000):
        assert not PublishedAddressSyntax().is_email(text)
