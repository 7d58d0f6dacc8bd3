"""Vectors that were computed once, not by the code under test."""

import hashlib
import hmac

import pytest

from adapters.whatsapp import WhatsAppChannel
from adapters.whatsapp.signature import HEADER, is_signed, sign
from domain.delivery import Delivery
from domain.refusals import SignatureMismatch

SECRET = "test_app_secret"

VECTORS = {
    b'{"object":"whatsapp_business_account","entry":[]}': (
        "sha256=dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756"
    ),
    b'{"object": "whatsapp_business_account", "entry": []}': (
        "sha256=56cbbaf4961c6cfdae48b7f116c047e5eb513d2c931baae63a2bc1afd26f803a"
    ),
    rb'{"t":"caf\u00e9 \ud83d\ude00 a\u0040b https:\/\/x"}': (
        "sha256=8ecdec1bdf0db49b07e276486e049f6c03cd6b8724acf5e55b30c87b0e4dde22"
    ),
    '{"t":"café 😀 a@b https://x"}'.encode(): (
        "sha256=8ae3549d61b8adf788b8839dcef61811fa98b99ab08880ccfb217948d33d8d73"
    ),
}
BODY, SIGNATURE = next(iter(VECTORS.items()))


@pytest.mark.parametrize(("body", "signature"), VECTORS.items())
def test_meta_signs_the_raw_bytes(body: bytes, signature: str) -> None:
    assert is_signed(body, [signature], [SECRET])


@pytest.mark.parametrize("body", VECTORS)
def test_a_signature_is_for_one_body(body: bytes) -> None:
    assert [is_signed(body, [one], [SECRET]) for one in VECTORS.values()].count(True) == 1


def test_upper_case_digits_are_the_same_digits() -> None:
    assert is_signed(BODY, ["sha256=" + SIGNATURE[7:].upper()], [SECRET])


@pytest.mark.parametrize(
    "header",
    [
        SIGNATURE[7:],
        "sha1=" + SIGNATURE[7:],
        "sha256 =" + SIGNATURE[7:],
        f" {SIGNATURE}",
        f"{SIGNATURE},{SIGNATURE}",
        SIGNATURE[:-1],
    ],
)
def test_a_header_of_another_shape_is_no_signature(header: str) -> None:
    assert not is_signed(BODY, [header], [SECRET])


@pytest.mark.parametrize(
    "wrong",
    ["", "sha256=", "é", "\udcff", "sha256=" + "é" * 64, "\0" * 71, SIGNATURE[:-1]],
    ids=ascii,
)
def test_a_missing_short_or_odd_signature_proves_nothing(wrong: str) -> None:
    for headers in ([wrong], [], [SIGNATURE, wrong], [wrong, SIGNATURE], [SIGNATURE, SIGNATURE]):
        assert not is_signed(BODY, headers, [SECRET])


@pytest.mark.parametrize(("body", "signature"), VECTORS.items())
def test_another_secret_proves_nothing_and_during_a_rotation_either_does(
    body: bytes, signature: str
) -> None:
    assert not is_signed(body, [signature], ["another_secret"])
    assert not is_signed(body, [signature], [SECRET.upper(), f" {SECRET}"])
    assert is_signed(body, [signature], ["another_secret", SECRET])
    assert is_signed(body, [signature], [SECRET, "another_secret"])


def test_the_signature_of_old_is_ignored() -> None:
    sha1 = "sha1=" + hmac.new(SECRET.encode(), BODY, hashlib.sha1).hexdigest()
    settings = {"app_secret": (SECRET,)}

    for headers in ({"x-hub-signature": (sha1,)}, {HEADER: (sha1,)}):
        with pytest.raises(SignatureMismatch):
            WhatsAppChannel().authenticate(Delivery(BODY, headers), settings)
    both = {"x-hub-signature": (sha1,), HEADER: (SIGNATURE,)}
    WhatsAppChannel().authenticate(Delivery(BODY, both), settings)


@pytest.mark.parametrize(("body", "signature"), VECTORS.items())
def test_what_we_sign_ourselves_is_signed_as_meta_does(body: bytes, signature: str) -> None:
    assert sign(body, SECRET) == signature


def test_no_secret_proves_nothing() -> None:
    assert not is_signed(BODY, [SIGNATURE], [])


def test_the_verify_token_is_not_the_signing_key() -> None:
    assert not is_signed(BODY, [SIGNATURE], ["verify_token"])
