"""A delivery that was signed elsewhere: how it is made, and why it may be refused."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest

from domain.delivery import Delivery
from entrypoints.channel_contract import openssl_hmac
from entrypoints.channel_contract.recorded import NOT_AS_RECORDED, why_refused


@pytest.mark.parametrize("key", ["secret", "ключ", b"\xff\x00bytes"])
@pytest.mark.parametrize("digest", ["sha256", "sha1"])
def test_openssl_signs_as_everybody_does(key: str | bytes, digest: str) -> None:
    message = b"\xff\x00 a message"

    made = openssl_hmac(message, key, digest)

    as_bytes = key if isinstance(key, bytes) else key.encode()
    assert made == hmac.digest(as_bytes, message, getattr(hashlib, digest))


def test_what_openssl_says_is_repeated() -> None:
    with pytest.raises(AssertionError, match=r"^openssl: .*no_digest"):
        openssl_hmac(b"", "key", "no_digest")


def test_a_machine_without_openssl_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    with pytest.raises(AssertionError, match="install it"):
        openssl_hmac(b"", "key")


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("x-timestamp", "1719586821"),
        ("x-timestamp", "1719586821889"),
        ("x-timestamp", "2024-06-28T15:00:21Z"),
        ("x-timestamp", "2024-06-28T15:00:21.889+00:00"),
        ("x-timestamp", "2024-06-28T17:00:21+0200"),
        ("x-timestamp", "2024-06-28T15:00:21"),
        ("x-signature", "t=1719586821,v1=b326604c0dc7364c8b688556189c0a51"),
        ("x-signature", "v1=b326604c0dc7364c8b688556189c0a51,t=1719586821889"),
        ("x-signature", "sha256=ab; t=1719586821"),
    ],
)
def test_an_old_moment_is_named_with_its_header(header: str, value: str) -> None:
    said = why_refused(Delivery(b"{}", {"x-other": ("a",), header: ("b", value)}))

    assert "it is from 2024-06-28T15:00:21" in said
    assert f"as its header {header} says" in said
    assert '"If the sender signs the time" in docs/adding-a-channel.md' in said


@pytest.mark.parametrize(
    "value",
    [
        "",
        "v1,i56Q/2HVsuqCVhpsrWCcF3wVsFyoLL3AJsv/RVrwMFA=",
        "sha256=ab1719586821cd",
        "171958682",
        "17195868210",
        "2024-06-28",
        "2024-99-99T15:00:21Z",
    ],
)
def test_without_an_old_moment_it_is_the_signature(value: str) -> None:
    assert why_refused(Delivery(b"{}", {"x-signature": (value,)})) == NOT_AS_RECORDED


def test_a_moment_that_is_not_old_is_not_the_cause() -> None:
    now = datetime.now(UTC)
    fresh = (
        str(int(now.timestamp())),
        f"t={int(now.timestamp() * 1000)},v1=ab",
        now.isoformat(),
        (now + timedelta(days=1)).isoformat(),
    )

    for value in fresh:
        assert why_refused(Delivery(b"{}", {"x-signature": (value,)})) == NOT_AS_RECORDED
