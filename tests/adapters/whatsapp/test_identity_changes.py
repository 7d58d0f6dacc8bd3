"""Old and new names are one person's; whatever does not parse tells nothing and holds nothing."""

from typing import Any

import pytest
from hypothesis import given

from domain.delivery import Inbound
from domain.identity import Identity
from entrypoints.channel_contract.examples import EXAMPLES
from entrypoints.channel_contract.json_values import JSON_VALUES
from tests.adapters.whatsapp.deliveries.deliveries import (
    NUMBER_ID,
    a_change,
    a_delivery,
    read,
    read_messages,
)

OLD, NEW = Identity("phone", "12025550147"), Identity("phone", "12065550133")
OLD_ID, NEW_ID = Identity("user_id", "US.1old"), Identity("user_id", "US.2new")


def _system(kind: str, **keys: Any) -> dict[str, Any]:
    return {"id": "wamid.C", "type": "system", "system": {"type": kind, **keys}}


def _told(message: dict[str, Any]) -> tuple[Identity, ...]:
    """The identities in the one item, which is none but that."""
    (item,) = read_messages(message).items
    assert isinstance(item, Inbound)
    assert item == Inbound(identities=item.identities, recipient=NUMBER_ID, opens_lead=False)
    return item.identities


@pytest.mark.parametrize("kind", ["user_changed_number", "customer_changed_number"])
@pytest.mark.parametrize("key", ["wa_id", "new_wa_id"])
def test_a_changed_number_is_told_old_first(kind: str, key: str) -> None:
    assert _told({"from": OLD.value, **_system(kind, **{key: NEW.value})}) == (OLD, NEW)
    assert _told(_system(kind, **{key: "+" + NEW.value}, customer=OLD.value)) == (OLD, NEW)


def test_a_changed_number_may_bring_new_user_ids() -> None:
    message = {"from": OLD.value, "from_user_id": OLD_ID.value} | _system(
        "user_changed_number", wa_id=NEW.value, user_id=NEW_ID.value
    )

    assert set(_told(message)) == {OLD, NEW, OLD_ID, NEW_ID}


def test_the_two_forms_of_one_number_are_no_change() -> None:
    message = {"from": "5215512345678", **_system("user_changed_number", wa_id="525512345678")}

    reading = read_messages(message)

    assert list(reading.items) == []
    assert reading.ignored == 1


@pytest.mark.parametrize("name", ["Asha", "", "a changed from US.1 to US.2", "x to y", "\n"])
def test_an_old_user_id_is_read_from_the_end_of_the_text(name: str) -> None:
    body = f"User {name} changed from {OLD_ID.value} to {NEW_ID.value}"

    assert _told(_system("user_changed_user_id", body=body)) == (OLD_ID, NEW_ID)
    assert _told(_system("user_changed_user_id", body=body, user_id=NEW_ID.value)) == (
        OLD_ID,
        NEW_ID,
    )


PARENTS = {"previous_parent_user_id": "US.ENT.1", "parent_user_id": "US.ENT.2"}


@pytest.mark.parametrize("kind", ["user_changed_user_id", "user_changed_number"])
@pytest.mark.parametrize("more", [{}, {"body": "User Asha has a new id"}, {"wa_id": NEW.value}])
def test_the_previous_ids_are_told_by_keys_of_their_own(kind: str, more: dict[str, str]) -> None:
    system = {"previous_user_id": OLD_ID.value, "user_id": NEW_ID.value, **PARENTS, **more}
    parents = {Identity("user_id", "US.ENT.1"), Identity("user_id", "US.ENT.2")}

    only_identities = _told(_system(kind, **system))

    assert only_identities[0] == OLD_ID
    assert set(only_identities) == {OLD_ID, NEW_ID, *parents} | (
        {NEW} if "wa_id" in more else set()
    )


def test_a_number_for_a_user_id_tells_nothing_and_one_for_a_phone_does() -> None:
    ids = {"user_id": 10001, "previous_user_id": 10002}
    message = {"from": int(OLD.value)}

    assert _told(message | _system("user_changed_number", wa_id=int(NEW.value), **ids)) == (
        OLD,
        NEW,
    )
    assert list(read_messages(_system("user_changed_user_id", **ids)).items) == []


def test_the_text_of_a_changed_number_tells_both_where_nothing_else_does() -> None:
    body = f"User Asha changed from {OLD.value} to {NEW.value}"

    assert _told(_system("user_changed_number", body=body)) == (OLD, NEW)


def test_a_text_about_other_ids_joins_nobody() -> None:
    body = f"User Asha changed from {OLD_ID.value} to US.3other"

    reading = read_messages(_system("user_changed_user_id", body=body, user_id=NEW_ID.value))

    assert list(reading.items) == []
    assert reading.ignored == 1


def test_a_changed_user_id_comes_with_the_phone_where_meta_knows_it() -> None:
    message = _system("user_changed_user_id", user_id=NEW_ID.value, wa_id=NEW.value, body="…")

    assert set(_told({"from": OLD.value, **message})) == {OLD, NEW, NEW_ID}


def test_another_security_code_is_no_other_person() -> None:
    message = {"from": OLD.value, **_system("customer_identity_changed", wa_id=NEW.value)}

    assert list(read_messages(message).items) == []


def _updated(*updates: Any, **value: Any) -> Any:
    change = a_change(field="user_id_update", user_id_update=list(updates), **value)
    return read(a_delivery(change))


def test_the_field_tells_old_and_new_user_id_and_the_phone() -> None:
    pair = {"previous": OLD_ID.value, "current": NEW_ID.value}

    reading = _updated({"wa_id": OLD.value, "user_id": pair}, {"user_id": pair}, metadata=None)

    assert [item.identities for item in reading.items] == [(OLD_ID, NEW_ID, OLD), (OLD_ID, NEW_ID)]
    assert not any(item.opens_lead or item.message or item.recipient for item in reading.items)


def test_parent_ids_are_told_where_there_are_no_others() -> None:
    parents = {"previous": "US.ENT.1", "current": "US.ENT.2"}
    pair = {"previous": OLD_ID.value, "current": NEW_ID.value}

    reading = _updated({"parent_user_id": parents}, {"parent_user_id": parents, "user_id": pair})

    assert [item.identities for item in reading.items] == [
        (Identity("user_id", "US.ENT.1"), Identity("user_id", "US.ENT.2")),
        (OLD_ID, NEW_ID),
    ]


@EXAMPLES
@given(odd=JSON_VALUES)
def test_what_does_not_parse_is_ignored_and_never_held(odd: Any) -> None:
    messages = [{"type": "system", "system": odd}, _system("user_changed_number", wa_id=odd)]

    assert list(read_messages(*messages, {"type": "system", "from": odd}).items) == []
    assert list(_updated(odd, {"user_id": odd}, {"user_id": {"previous": odd}}).items) == []
