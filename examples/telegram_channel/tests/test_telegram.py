"""The contract of a lead channel, and what is Telegram's own."""

from typing import Any

import pytest
from telegram_channel import TelegramChannel, channel
from telegram_channel.channel import HEADER

from application.ports.lead_channel import LeadChannel
from domain.channel import SettingValues
from domain.delivery import Inbound, Reading, Unreadable
from domain.identity import Identity
from entrypoints.channel_contract import (
    EndToEndContract,
    LeadChannelContract,
    NoChallengeContract,
    OneItemContract,
    SecretHeaderContract,
    SecretHeaderSender,
)
from entrypoints.channel_contract.json_values import json_bytes

ADA = {"id": 1111111, "is_bot": False, "first_name": "Ada", "last_name": "Lovelace"}


class Telegram(SecretHeaderSender):
    signature_header = HEADER
    secrets = ("secret-token_1", "secret-token_2", "secret-token_3")

    def settings(self, *secrets: str) -> SettingValues:
        return {"secret_token": secrets}

    def payload(self, *items: Any) -> dict[str, Any]:
        return items[0] if items else {}

    def item(self, number: int) -> dict[str, Any]:
        return an_update(message_id=number, sender={"id": 100 + number, "first_name": "Ada"})

    def nameless(self) -> dict[str, Any]:
        return an_update(sender={"first_name": "Ada"})


class TestTelegramChannel(
    LeadChannelContract,
    SecretHeaderContract,
    OneItemContract,
    NoChallengeContract,
    EndToEndContract,
):
    word = "telegram_channel:channel"

    @pytest.fixture
    def channel(self) -> LeadChannel:
        return channel()

    @pytest.fixture
    def sender(self) -> Telegram:
        return Telegram()


def an_update(
    kind: str = "message", sender: dict[str, Any] = ADA, chat: str = "private", **message: Any
) -> dict[str, Any]:
    said = {
        "message_id": 1365,
        "date": 1795341600,
        "from": sender,
        "chat": {"id": sender.get("id"), "type": chat},
        "text": "hi",
    }
    return {"update_id": 10000, kind: said | message}


def read(update: dict[str, Any]) -> Reading:
    return TelegramChannel().read(Telegram().unsigned(json_bytes(update)))


def read_one(**update: Any) -> Inbound:
    (item,) = read(an_update(**update)).items
    assert isinstance(item, Inbound)
    return item


def test_a_message_makes_its_senders_lead() -> None:
    item = read_one(text="Is it available?")

    assert item.identities == (Identity("user_id", "1111111"),)
    assert item.details.present() == {
        "name": "Ada Lovelace",
        "attributes": {"first_message": "Is it available?"},
    }
    assert item.message is not None
    assert (item.message.message_id, item.message.type) == ("1111111.1365", "text")


def test_the_link_that_a_person_came_by_is_kept() -> None:
    assert read_one(text="/start spring_ad").details.attributes["start"] == "spring_ad"
    assert "start" not in read_one(text="/start").details.attributes
    assert "start" not in read_one(text="/started spring_ad").details.attributes


def test_a_contact_of_ones_own_is_the_leads_phone_and_a_friends_is_not() -> None:
    own = {"phone_number": "+447700900123", "user_id": ADA["id"]}

    assert read_one(text=None, contact=own).details.phone == "+447700900123"
    assert read_one(contact=own | {"user_id": 2}).details.phone is None
    assert read_one(contact={"phone_number": "+447700900123"}).details.phone is None


def test_a_picture_without_words_is_a_persons_too() -> None:
    item = read_one(text=None, photo=[{}], caption="this one")

    assert item.message is not None
    assert item.message.text == "this one"


def test_an_edit_is_a_message_of_its_own_and_opens_no_lead() -> None:
    edit = read_one(kind="edited_message", edit_date=1795341700)

    assert not edit.opens_lead
    assert edit.message is not None
    assert edit.message.message_id == "1111111.1365.1795341700"


@pytest.mark.parametrize(
    "update",
    [
        an_update(sender=ADA | {"is_bot": True}),
        an_update(chat="group"),
        an_update(chat="supergroup"),
        {"update_id": 1, "callback_query": {"id": "1", "from": ADA}},
        {"update_id": 1, "my_chat_member": {"from": ADA}},
        {"update_id": 1},
    ],
)
def test_what_no_person_said_to_us_is_ignored(update: dict[str, Any]) -> None:
    assert read(update) == Reading(ignored=1)


@pytest.mark.parametrize("odd", [None, [], "text", {}, {"from": ADA}, {"message_id": 1}])
def test_a_message_of_nobody_we_can_name_is_unreadable(odd: Any) -> None:
    (item,) = read({"update_id": 1, "message": odd}).items

    assert isinstance(item, Unreadable)
