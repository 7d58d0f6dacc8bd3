import pytest

from application.channels.diagnosis import (
    LOOPBACK,
    NOT_HTTPS,
    PRIVATE,
    advice_on,
    is_private,
    without_key,
)


@pytest.mark.parametrize(
    ("address", "advice"),
    [
        ("http://localhost:8000", LOOPBACK),
        ("http://LOCALHOST", LOOPBACK),
        ("https://crm.localhost", LOOPBACK),
        ("http://127.0.0.2", LOOPBACK),
        ("https://[::1]:8000", LOOPBACK),
        ("http://0.0.0.0:8000", PRIVATE),
        ("https://192.168.1.20", PRIVATE),
        ("https://[fd00::1]", PRIVATE),
        ("http://leads.example.com", NOT_HTTPS),
        ("http://localhost.example.com", NOT_HTTPS),
        ("http://notlocalhost", NOT_HTTPS),
        ("http://8.8.8.8", NOT_HTTPS),
        ("https://leads.example.com", ""),
        ("https://8.8.8.8", ""),
    ],
)
def test_what_keeps_senders_away_is_said(address: str, advice: str) -> None:
    assert advice_on(f"{address}/api/whatsapp/webhook?api_key=swk_1") == advice


@pytest.mark.parametrize(
    ("hosts", "private"),
    [
        (["10.0.0.1", "fd00::1"], True),
        (["10.0.0.1", "8.8.8.8"], False),
        (["example.com"], False),
    ],
)
def test_addresses_are_private_if_none_means_anything_outside(
    hosts: list[str], private: bool
) -> None:
    assert is_private(hosts) is private


def test_an_address_is_shown_without_the_key_in_it() -> None:
    shown = without_key("https://leads.example.com/api/whatsapp/webhook?api_key=swk_1&from=a")

    assert shown == "https://leads.example.com/api/whatsapp/webhook"
