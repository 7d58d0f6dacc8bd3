"""Samples arrive like any other delivery and count for nothing."""

import json

import pytest

from adapters.whatsapp import WhatsAppChannel
from domain.delivery import Delivery, Inbound
from domain.refusals import SignatureMismatch
from tests.adapters.whatsapp.deliveries.deliveries import (
    PHONE,
    Meta,
    a_message,
    read_messages,
)

CHANNEL = WhatsAppChannel()
DASHBOARD = {"display_phone_number": "16505551111", "phone_number_id": "123456123"}


def _one(delivery: Delivery) -> Inbound:
    (item,) = CHANNEL.read(delivery).items
    assert isinstance(item, Inbound)
    return item


def test_a_sample_opens_a_lead_that_counts_for_nothing_whatever_numbers_are_listed() -> None:
    for settings in ({}, {"phone_number_ids": ("106540352242922", "5")}):
        item = _one(CHANNEL.sample(settings))

        assert item.opens_lead
        assert not item.counts
        assert item.recipient is None
        assert item.details.attributes["test"] is True


def test_a_sample_is_the_same_person_s_with_a_message_of_its_own() -> None:
    one, other = _one(CHANNEL.sample({})), _one(CHANNEL.sample({}))

    assert one.identities == other.identities
    assert one.details == other.details
    assert one.message
    assert other.message
    assert one.message.message_id != other.message.message_id


def test_a_sample_is_signed_by_the_first_secret() -> None:
    old, new, foreign = Meta.secrets
    sample = CHANNEL.sample({"app_secret": (new, old)})

    CHANNEL.authenticate(sample, {"app_secret": (new,)})
    for secret in (old, foreign):
        with pytest.raises(SignatureMismatch):
            CHANNEL.authenticate(sample, {"app_secret": (secret,)})


def test_a_sample_of_a_project_without_a_secret_has_no_signature() -> None:
    sample = CHANNEL.sample({"app_secret": ()})

    CHANNEL.authenticate(sample, {})
    assert dict(sample.headers) == {"content-type": ("application/json",)}


def test_a_sample_is_for_the_project_s_number() -> None:
    body = json.loads(CHANNEL.sample({"phone_number_ids": ("77", "88")}).body)

    assert body["entry"][0]["changes"][0]["value"]["metadata"]["phone_number_id"] == "77"


@pytest.mark.parametrize("message_id", ["ABGGFlA5Fpa", "wamid.another"])
def test_the_dashboard_s_sample_is_known_by_its_number(message_id: str) -> None:
    (item,) = read_messages(a_message(id=message_id), metadata=DASHBOARD).items

    assert isinstance(item, Inbound)
    assert (item.counts, item.recipient) == (False, None)
    assert item.details.attributes == {"first_message": "hi", "test": True}


def test_the_dashboard_s_sample_is_known_by_its_message_id() -> None:
    (item,) = read_messages(a_message(id="ABGGFlA5Fpa")).items

    assert isinstance(item, Inbound)
    assert not item.counts


def test_a_person_s_message_is_no_sample() -> None:
    (item,) = read_messages(a_message(id="wamid.swiftcrm")).items

    assert isinstance(item, Inbound)
    assert item.counts
    assert item.details.phone == f"+{PHONE}"
    assert "test" not in item.details.attributes
