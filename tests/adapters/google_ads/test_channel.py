import json
from typing import Any

import pytest

from adapters import google_ads
from adapters.google_ads import GoogleAdsChannel
from application.ports.lead_channel import LeadChannel
from domain.delivery import Delivery, Unreadable
from domain.refusals import SignatureMismatch
from entrypoints.channel_contract import (
    LeadChannelContract,
    NoChallengeContract,
    OneItemContract,
    SecretMemberContract,
)
from tests.adapters.google_ads.deliveries import KEY, Google, a_form, sent


class TestGoogleAdsChannel(
    LeadChannelContract,
    SecretMemberContract,
    OneItemContract,
    NoChallengeContract,
):
    @pytest.fixture
    def channel(self) -> LeadChannel:
        return google_ads.channel()

    @pytest.fixture
    def sender(self) -> Google:
        return Google()


def _is_taken(body: bytes, *keys: str) -> bool:
    try:
        GoogleAdsChannel().authenticate(Delivery(body, {}), {"google_key": keys})
    except SignatureMismatch:
        return False
    return True


def test_its_key_is_made_and_shown_for_the_operator_to_paste() -> None:
    (setting,) = GoogleAdsChannel().settings

    assert (setting.name, setting.generated, setting.secret) == ("google_key", True, False)


@pytest.mark.parametrize(
    ("key", "fits"),
    [("a-B_9.!~", True), ("short", False), ("with space", False), ("a,comma,1", False),
     ("x" * 100, True), ("x" * 101, False), ("ключключ", False)],
)  # fmt: skip
def test_a_key_is_what_google_takes(key: str, fits: bool) -> None:
    (setting,) = GoogleAdsChannel().settings

    assert setting.takes(key) is fits


def test_without_a_key_nothing_is_taken_and_that_is_said() -> None:
    (setting,) = GoogleAdsChannel().settings

    assert not _is_taken(sent(a_form()))
    assert not _is_taken(sent(a_form(), google_key=""))
    assert "refused" in setting.warning_when_unset


def test_the_key_may_be_written_as_in_googles_samples() -> None:
    body = json.dumps(a_form() | {"Google_key": KEY}).encode()

    assert _is_taken(body, KEY)
    assert KEY not in repr(GoogleAdsChannel().read(Delivery(body, {})))


def test_two_keys_are_one_too_many() -> None:
    assert not _is_taken(sent(a_form(), Google_key=KEY), KEY)


@pytest.mark.parametrize("lead_id", [None, "", " ", True, 1.5, [], {"$ne": ""}])
def test_a_submission_without_an_id_is_unreadable_and_its_key_is_not_kept(lead_id: Any) -> None:
    body = sent(a_form() | {"lead_id": lead_id})

    (item,) = GoogleAdsChannel().read(Delivery(body, {})).items

    assert isinstance(item, Unreadable)
    assert KEY not in repr(item)
    assert "Cj0KCQjwit_8BRCo" in repr(item)


def test_what_a_submission_without_an_id_says_makes_its_lead_once_it_is_released() -> None:
    body = sent(a_form({"FULL_NAME": "Ada", "EMAIL": "ada@example.com"}, lead_id=None))

    (item,) = GoogleAdsChannel().read(Delivery(body, {})).items

    assert (item.details.name, item.details.email) == ("Ada", "ada@example.com")
