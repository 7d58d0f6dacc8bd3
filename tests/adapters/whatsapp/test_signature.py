"""Vectors that were computed once, not by the code under test."""

import pytest

from adapters.whatsapp.signature import is_signed

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


def test_no_secret_proves_nothing() -> None:
    assert not is_signed(BODY, [SIGNATURE], [])


def test_the_verify_token_is_not_the_signing_key() -> None:
    assert not is_signed(BODY, [SIGNATURE], ["verify_token"])
