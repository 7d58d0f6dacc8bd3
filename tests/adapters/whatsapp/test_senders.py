"""Contacts come in any order, and a name belongs to the person it is matched with."""

import pytest

from domain.delivery import Inbound, Unreadable
from domain.identity import Identity
from tests.adapters.whatsapp.deliveries.deliveries import (
    PHONE,
    USER_ID,
    a_change,
    a_contact,
    a_delivery,
    a_message,
    names,
    read,
    read_messages,
    read_one,
)

ASHA, BEN = {"from": "910000000001"}, {"from": "910000000002"}


def test_names_are_matched_by_phone_in_any_order() -> None:
    contacts = [a_contact("Ben", wa_id=BEN["from"]), a_contact("Asha", wa_id=ASHA["from"])]
    messages = [a_message(**ASHA, id="1"), a_message(**BEN, id="2"), a_message(**ASHA, id="3")]

    assert names(read_messages(*messages, contacts=contacts)) == ["Asha", "Ben", "Asha"]


def test_the_sender_of_a_message_in_a_group_is_the_person_and_not_the_group() -> None:
    message = read_one(**ASHA, group_id="120363025246125")

    assert message.identities == (Identity("phone", ASHA["from"]),)


def test_names_are_matched_by_user_id_first() -> None:
    contacts = [
        a_contact("Phone", wa_id=PHONE, user_id="US.2"),
        a_contact("User", wa_id="1", user_id=USER_ID),
    ]

    assert names(read_messages(a_message(from_user_id=USER_ID), contacts=contacts)) == ["User"]


def test_a_person_without_a_phone_has_a_name() -> None:
    contacts = [a_contact("Ben", user_id="IN.2"), a_contact("Asha", user_id="IN.1")]
    messages = [
        a_message(**{"from": None}, from_user_id="IN.1", id="1"),
        a_message(**{"from": ""}, from_user_id="IN.2", id="2"),
    ]

    assert names(read_messages(*messages, contacts=contacts)) == ["Asha", "Ben"]


def test_nobody_is_matched_by_an_absent_phone() -> None:
    contacts = [a_contact("Ghost", wa_id=""), a_contact("Nobody")]
    message = a_message(**{"from": ""}, from_user_id=USER_ID)

    assert names(read_messages(message, contacts=contacts)) == [None]


def test_one_contact_and_one_message_are_one_person_in_brazil() -> None:
    contacts = [a_contact("Caio", wa_id="551187654321")]

    assert names(read_messages(a_message(**{"from": "5511987654321"}), contacts=contacts)) == [
        "Caio"
    ]


def test_a_stranger_among_several_gets_nobody_s_name() -> None:
    contacts = [a_contact("Cleo", wa_id="910000000009")]
    messages = [a_message(**ASHA, id="1"), a_message(**BEN, id="2")]

    assert names(read_messages(*messages, contacts=contacts)) == [None, None]


def test_two_forms_of_a_number_match_also_among_several() -> None:
    contacts = [a_contact("Caio", wa_id="551187654321")]
    messages = [a_message(**{"from": "5511987654321"}, id="1"), a_message(**BEN, id="2")]

    assert names(read_messages(*messages, contacts=contacts)) == ["Caio", None]


def test_an_odd_message_beside_it_may_be_anybody_s_so_that_a_stranger_gets_no_name() -> None:
    contacts = [a_contact("Cleo", wa_id="910000000009")]

    assert names(read_messages(a_message(**ASHA), None, contacts=contacts)) == [None]


def test_two_messages_of_nobody_may_be_two_people_s() -> None:
    nobody = a_message(**{"from": None})
    contacts = [a_contact("Asha", wa_id=PHONE)]

    assert names(read_messages(nobody, contacts=contacts)) == ["Asha"]
    assert names(read_messages(nobody, nobody, contacts=contacts)) == []


def test_the_only_contact_of_another_user_id_is_another_person() -> None:
    contacts = [a_contact("Ben", wa_id="910000000002", user_id="IN.2")]

    assert names(read_messages(a_message(from_user_id="IN.1"), contacts=contacts)) == [None]
    assert names(read_messages(a_message(from_user_id="IN.2"), contacts=contacts)) == ["Ben"]


@pytest.mark.parametrize(
    ("username", "kept"),
    [
        ("@asha.k", "asha.k"),
        ("asha.k", "asha.k"),
        ("@@a", "@a"),
        ("@", None),
        ("", None),
        (7, None),
    ],
)
def test_a_username_is_kept_without_its_sign(username: object, kept: str | None) -> None:
    contacts = [{"profile": {"username": username}, "wa_id": PHONE}]

    (item,) = read_messages(a_message(), contacts=contacts).items

    assert isinstance(item, Inbound)
    assert item.details.attributes.get("username") == kept


def test_a_user_id_tells_the_country() -> None:
    assert read_one(from_user_id="BR.1").details.attributes["country"] == "BR"
    assert "country" not in read_one().details.attributes


def test_a_message_s_own_ids_outweigh_those_of_its_contact() -> None:
    contacts = [a_contact("Asha", wa_id=PHONE, user_id="US.9")]

    (item,) = read_messages(a_message(from_user_id="US.1"), contacts=contacts).items

    assert isinstance(item, Inbound)
    assert item.identities == (Identity("user_id", "US.1"), Identity("phone", PHONE))


def test_contacts_of_another_change_are_other_people_s() -> None:
    first = a_change(a_message(**ASHA, id="1"), contacts=[a_contact("Ben", wa_id=BEN["from"])] * 2)
    second = a_change(
        a_message(**BEN, id="2"), contacts=[a_contact("Asha", wa_id=ASHA["from"])] * 2
    )

    assert names(read(a_delivery(first, second))) == [None, None]


@pytest.mark.parametrize(
    "contacts",
    [
        None,
        [],
        {},
        "odd",
        [None, 1, "x", []],
        [{}],
        [{"wa_id": PHONE}],
        [{"wa_id": PHONE, "profile": None}],
        [{"wa_id": PHONE, "profile": {"username": "@asha.k"}}],
        [{"wa_id": PHONE, "profile": {"name": ""}}],
        [{"wa_id": PHONE, "profile": {"name": {"first": "Asha"}}}],
    ],
)
def test_a_person_without_a_name_is_a_person(contacts: object) -> None:
    assert names(read_messages(a_message(), contacts=contacts)) == [None]


def test_a_name_is_any_text_less_nul_characters() -> None:
    contacts = [a_contact("🙂\0 =1+1", wa_id=PHONE)]

    assert names(read_messages(a_message(), contacts=contacts)) == ["🙂 =1+1"]


@pytest.mark.parametrize("number", [int(PHONE), float(PHONE)])
def test_a_phone_may_come_as_a_number(number: float) -> None:
    (item,) = read_messages(
        a_message(**{"from": number}), contacts=[a_contact("Asha", wa_id=number)]
    ).items

    assert isinstance(item, Inbound)
    assert item.identities == (Identity("phone", PHONE),)
    assert (item.details.name, item.details.phone) == ("Asha", f"+{PHONE}")


def test_on_a_card_of_one_s_own_a_number_may_have_lost_its_zero_and_is_none() -> None:
    card = {"origin": "contact_request", "phones": [{"phone": 301234567}]}

    assert read_one(type="contacts", contacts=[card]).identities == (Identity("phone", PHONE),)
    assert read_messages(
        a_message(**{"from": None}, from_user_id="US.1", type="contacts", contacts=[card])
    ).items[0].identities == (Identity("user_id", "US.1"),)


@pytest.mark.parametrize("keys", [{"id": None}, {"id": 5}, {"from": 12.5}, {"from": None}])
def test_of_a_message_that_cannot_be_read_what_it_tells_is_kept(keys: dict[str, object]) -> None:
    message = a_message(**keys)
    contacts = [a_contact("Asha", wa_id=PHONE)] * (1 if "id" in keys else 2)

    (item,) = read_messages(message, contacts=[*contacts, {}]).items

    assert isinstance(item, Unreadable)
    assert item.message is not None
    assert (item.message.text, item.message.raw) == ("hi", item.raw)
    if "id" in keys:
        assert item.message.message_id.startswith("unreadable.")
        assert item.identities == (Identity("phone", PHONE),)
        assert (item.details.name, item.details.phone) == ("Asha", f"+{PHONE}")


def test_the_name_of_whom_nothing_else_names_is_kept() -> None:
    (item,) = read_messages(a_message(**{"from": 12.5}), contacts=[a_contact("Asha")]).items

    assert isinstance(item, Unreadable)
    assert (item.identities, item.details.name) == ((), "Asha")


def test_a_number_for_a_user_id_is_a_provider_s_own_and_nobody_s_name() -> None:
    contact = {"profile": {"name": "Asha"}, "user_id": 10001, "wa_id": PHONE}

    (item,) = read_messages(a_message(from_user_id=4821377), contacts=[contact]).items

    assert isinstance(item, Inbound)
    assert item.identities == (Identity("phone", PHONE),)
