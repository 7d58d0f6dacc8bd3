import re

import pytest

from adapters import whatsapp
from application.ports.lead_channel import LeadChannel
from domain.refusals import ChallengeRefused
from entrypoints.channel_contract import (
    BatchContract,
    Challenge,
    ChallengeContract,
    LeadChannelContract,
    SignedBodyContract,
)
from tests.adapters.whatsapp.deliveries import Meta

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

    assert bool(re.fullmatch(setting.pattern, value, re.ASCII)) is fits
