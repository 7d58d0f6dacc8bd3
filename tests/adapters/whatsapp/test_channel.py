"""Vectors that were computed once, not by the code under test."""

import hashlib
import hmac

import pytest

from adapters import whatsapp
from adapters.whatsapp import WhatsAppChannel
from adapters.whatsapp.signature import HEADER, is_signed, sign
from application.ports.lead_channel import LeadChannel
from domain.delivery import Delivery
from domain.refusals import ChallengeRefused, SignatureMismatch
from entrypoints.channel_contract import (
    BatchContract,
    Challenge,
    ChallengeContract,
    LeadChannelContract,
    SignedBodyContract,
)
from tests.adapters.whatsapp.deliveries.deliveries import Meta

TOKEN = "Verify-token_1"


@pytest.fixture
def channel() -> LeadChannel:
    return whatsapp.channel()


class TestWhatsAppChannel(
    LeadChannelContract, SignedBodyContract, BatchContract, ChallengeContract
):
    @pytest.fixture
    def sender(self) -> Meta:
        return Meta()

    @pytest.fixture
    def challenge(self) -> Challenge:
        query = {
            "hub.mode": "subscribe",
            "hub.challenge": "1158201444",
            "hub.verify_token": TOKEN,
        }
        return Challenge(query, {"verify_token": (TOKEN,)}, "1158201444")


def test_its_routes_and_leads_are_called_whatsapp(channel: LeadChannel) -> None:
    assert channel.name == "whatsapp"
    assert [setting.name for setting in channel.settings] == [
        "verify_token",
        "app_secret",
        "phone_number_ids",
    ]


def test_its_checklist_is_a_line_for_each_cause(channel: LeadChannel) -> None:
    causes = (
        *("subscribed_apps", "field messages", "field standby", "Live"),
        *("other callback URL", "same app"),
    )

    assert len(set(channel.checklist)) == len(channel.checklist)
    assert not any("\n" in line for line in channel.checklist)
    for number, cause in enumerate(causes):
        assert cause in channel.checklist[number]


def test_the_ids_of_numbers_are_what_an_item_is_addressed_to(channel: LeadChannel) -> None:
    assert [s.name for s in channel.settings if s.recipients] == ["phone_number_ids"]


@pytest.mark.parametrize("mode", ["", "unsubscribe", "Subscribe", "subscribe "])
def test_another_mode_is_refused(channel: LeadChannel, mode: str) -> None:
    query = {"hub.mode": mode, "hub.challenge": "1", "hub.verify_token": TOKEN}

    with pytest.raises(ChallengeRefused):
        channel.answer_challenge(query, {"verify_token": (TOKEN,)})


@pytest.mark.parametrize("text", ["007", "<script>", '"quoted"', " ", "", "é"])
def test_a_challenge_is_echoed_to_the_letter(channel: LeadChannel, text: str) -> None:
    query = {"hub.mode": "subscribe", "hub.challenge": text, "hub.verify_token": TOKEN}

    assert channel.answer_challenge(query, {"verify_token": (TOKEN,)}) == text


def test_without_an_app_secret_a_delivery_is_taken_on_its_key_alone_and_that_is_said(
    channel: LeadChannel,
) -> None:
    for settings in ({}, {"app_secret": ()}, {"verify_token": (TOKEN,)}):
        channel.authenticate(Meta().delivery(), settings)

    (app_secret,) = (s for s in channel.settings if s.name == "app_secret")
    assert "forge" in app_secret.warning_when_unset


@pytest.mark.parametrize(
    ("name", "value", "fits"),
    [
        ("verify_token", "a-b_C9", True),
        ("verify_token", "a+b", False),
        ("verify_token", "a b", False),
        ("app_secret", "0123456789abcdef0123456789abcdef", True),
        ("app_secret", "short", False),
        ("app_secret", "0123456789 abcdef", False),
        ("app_secret", "01234567,89abcdef", False),
        ("app_secret", "ключключ", False),
        ("phone_number_ids", "106540352242922", True),
        ("phone_number_ids", "+12025550147", False),
        ("phone_number_ids", "١٢٣", False),
    ],
)
def test_a_setting_takes_what_meta_gives(
    channel: LeadChannel, name: str, value: str, fits: bool
) -> None:
    (setting,) = (s for s in channel.settings if s.name == name)

    assert setting.takes(value) is fits


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
