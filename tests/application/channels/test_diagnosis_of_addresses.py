import pytest

from application.channels.diagnosis import HopAdvice, advice_on, is_private


@pytest.mark.parametrize(
    ("address", "advice"),
    [
        ("http://localhost:8000", HopAdvice.LOOPBACK),
        ("http://LOCALHOST", HopAdvice.LOOPBACK),
        ("https://crm.localhost", HopAdvice.LOOPBACK),
        ("http://127.0.0.2", HopAdvice.LOOPBACK),
        ("https://[::1]:8000", HopAdvice.LOOPBACK),
        ("http://0.0.0.0:8000", HopAdvice.PRIVATE),
        ("https://192.168.1.20", HopAdvice.PRIVATE),
        ("https://[fd00::1]", HopAdvice.PRIVATE),
        ("http://leads.example.com", HopAdvice.NOT_HTTPS),
        ("http://localhost.example.com", HopAdvice.NOT_HTTPS),
        ("http://notlocalhost", HopAdvice.NOT_HTTPS),
        ("http://8.8.8.8", HopAdvice.NOT_HTTPS),
        ("https://leads.example.com", None),
        ("https://8.8.8.8", None),
    ],
)
def test_what_keeps_senders_away_is_said(address: str, advice: HopAdvice | None) -> None:
    assert advice_on(f"{address}/api/whatsapp/webhook?api_key=swk_1") is advice


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
