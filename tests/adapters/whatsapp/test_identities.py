from typing import Any

import pytest

from domain.delivery import Inbound, Unreadable
from domain.identity import Identity
from tests.adapters.whatsapp.deliveries.deliveries import (
    PHONE,
    USER_ID,
    a_contact,
    a_message,
    read_messages,
    read_one,
)

USER = Identity("user_id", USER_ID)
CALLER = Identity("phone", PHONE)
PARENT = "US.ENT.77"


def test_a_person_with_a_phone_and_a_user_id_has_both_names() -> None:
    item = read_one(from_user_id=USER_ID)

    assert item.identities == (USER, CALLER)
    assert item.details.phone == f"+{PHONE}"


@pytest.mark.parametrize("absent", [None, ""])
def test_a_person_without_a_phone_is_known_by_the_user_id(absent: str | None) -> None:
    item = read_one(**{"from": absent}, from_user_id=USER_ID)

    assert item.identities == (USER,)
    assert item.details.phone is None


def test_a_person_without_a_user_id_is_known_by_the_phone() -> None:
    assert read_one().identities == (CALLER,)


def test_a_plus_sign_makes_no_other_person() -> None:
    item = read_one(**{"from": f"+{PHONE}"})

    assert item.identities == (CALLER,)
    assert item.details.phone == f"+{PHONE}"


@pytest.mark.parametrize("user_id", [USER_ID, "IN.20819787", "BR.ENT.a1B2", "US." + "9" * 128])
def test_a_user_id_in_the_place_of_the_phone_is_no_phone(user_id: str) -> None:
    item = read_one(**{"from": user_id})

    assert item.identities == (Identity("user_id", user_id),)
    assert item.details.phone is None


def test_the_forms_that_validators_refuse_are_phones_too() -> None:
    for phone in ("5215512345678", "551187654321", "12345", "123456789012345"):
        assert read_one(**{"from": phone}).details.phone == f"+{phone}"


@pytest.mark.parametrize(
    "odd",
    [
        None,
        "",
        "+",
        "1234",
        "1234567890123456",
        "1202 555 0147",
        "12025550147\n",
        "١٢٣٤٥٦٧",
        "us.134",
        "US.",
        "US.13-4",
        "US." + "9" * 129,
        12025550147.5,
        {"phone": PHONE},
        [PHONE],
        True,
    ],
)
def test_a_message_of_nobody_is_unreadable_and_kept_as_it_is(odd: Any) -> None:
    message = a_message(**{"from": odd})

    (item,) = read_messages(message).items
    (other,) = read_messages(a_message(**{"from": None}, from_user_id=odd)).items

    assert isinstance(item, Unreadable)
    assert isinstance(other, Unreadable)
    assert "wamid." in item.raw


def test_an_odd_phone_beside_a_user_id_does_no_harm() -> None:
    assert read_one(**{"from": "abc"}, from_user_id=USER_ID).identities == (USER,)


def test_the_matching_contact_gives_the_kind_that_the_message_lacks() -> None:
    asha, ben = a_contact("Asha", wa_id=PHONE, user_id=USER_ID), a_contact("Ben", user_id="IN.2")

    for keys in ({"from_user_id": USER_ID, "from": None}, {"from": PHONE}):
        (item,) = read_messages(a_message(**keys), contacts=[ben, asha]).items

        assert isinstance(item, Inbound)
        assert item.identities == (USER, CALLER)
        assert item.details.phone == f"+{PHONE}"


def test_a_parent_id_is_a_name_only_where_there_is_no_other() -> None:
    alone = read_one(**{"from": None}, from_parent_user_id=PARENT)
    beside = read_one(from_parent_user_id=PARENT)

    assert alone.identities == (Identity("user_id", PARENT),)
    assert alone.details.attributes["country"] == "US"
    assert beside.identities == (CALLER,)


def test_a_parent_id_may_stand_in_the_contact() -> None:
    message = a_message(**{"from": None})

    (item,) = read_messages(message, contacts=[{"parent_user_id": PARENT}]).items

    assert isinstance(item, Inbound)
    assert item.identities == (Identity("user_id", PARENT),)


def _with_card(origin: str, *phones: Any, **keys: Any) -> Inbound:
    cards = [{"origin": origin, "phones": list(phones)}]
    return read_one(type="contacts", contacts=cards, from_user_id=USER_ID, **keys)


@pytest.mark.parametrize(
    "phone",
    [
        {"wa_id": PHONE, "phone": "elsewhere"},
        {"phone": PHONE},
        {"phone": "+1 (202) 555-0147"},
        {"phone": "+1.202.555.0147"},
    ],
)
def test_the_card_that_a_person_was_asked_for_is_the_own_phone(phone: dict[str, str]) -> None:
    item = _with_card("contact_request", None, {}, phone, **{"from": None})

    assert item.identities == (USER, CALLER)
    assert item.details.phone == f"+{PHONE}"


def test_a_card_of_somebody_else_is_nobody_s_phone() -> None:
    item = _with_card("other", {"wa_id": PHONE}, **{"from": None})

    assert item.identities == (USER,)
    assert item.details.phone is None


def test_the_phone_that_meta_names_outweighs_the_one_on_a_card() -> None:
    item = _with_card("contact_request", {"wa_id": "12065550133"})

    assert item.identities == (USER, CALLER)


def test_a_card_never_gives_a_user_id() -> None:
    cards = [{"origin": "contact_request", "phones": [{"wa_id": USER_ID}]}]
    message = a_message(**{"from": None}, type="contacts", contacts=cards)

    (item,) = read_messages(message).items

    assert isinstance(item, Unreadable)


@pytest.mark.parametrize(
    ("one_form", "other_form"),
    [
        ("5215512345678", "525512345678"),
        ("5491123456789", "541123456789"),
        ("551187654321", "5511987654321"),
    ],
)
def test_the_two_forms_of_a_number_are_one_identity_and_the_phone_stays_as_sent(
    one_form: str, other_form: str
) -> None:
    one, other = read_one(**{"from": one_form}), read_one(**{"from": other_form})

    assert one.identities == other.identities
    assert one.details.phone == f"+{one_form}"
    assert other.details.phone == f"+{other_form}"


@pytest.mark.parametrize(
    "number", ["551123456789", "5511923456789", "52551234567", "5491123", "521551234567"]
)
def test_other_numbers_have_one_form(number: str) -> None:
    assert read_one(**{"from": number}).identities == (Identity("phone", number),)
