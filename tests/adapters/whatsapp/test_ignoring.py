"""What is none of ours is acknowledged and makes no lead."""

from typing import Any

import pytest

from tests.adapters.whatsapp.deliveries import (
    PHONE,
    a_change,
    a_contact,
    a_delivery,
    a_message,
    message_ids,
    read,
    read_messages,
)


@pytest.mark.parametrize("message_type", ["reaction", "system", "edit", "revoke"])
def test_what_nobody_wrote_makes_no_item(message_type: str) -> None:
    reading = read_messages(a_message(type=message_type), a_message(id="m2"))

    assert len(reading.items) == 1
    assert reading.ignored == 1


def test_statuses_and_errors_make_no_item_and_hide_no_message() -> None:
    status = {"id": "wamid.1", "status": "read", "recipient_user_id": "US.1"}
    reading = read_messages(
        a_message(),
        statuses=[status, status],
        errors=[{"code": 130429}],
        contacts=[a_contact("Asha", wa_id=PHONE)],
    )

    assert len(reading.items) == 1
    assert reading.ignored == 3


def test_contacts_alone_are_nobody_who_wrote() -> None:
    assert list(read_messages(contacts=[a_contact("Asha", wa_id=PHONE)]).items) == []


@pytest.mark.parametrize(
    "field",
    ["history", "smb_message_echoes", "message_echoes", "account_update", "from 2030", "", None, 1],
)
def test_messages_under_another_field_are_none_of_ours(field: Any) -> None:
    change = a_change(a_message()) | {"field": field}

    assert list(read(a_delivery(change)).items) == []


def test_a_change_without_a_field_is_taken_as_messages() -> None:
    assert message_ids(a_delivery(a_change(a_message(id="m1"), field=None))) == ["m1"]


@pytest.mark.parametrize("other", ["page", "instagram", "", None, 1, []])
def test_another_object_is_none_of_ours(other: Any) -> None:
    assert list(read(a_delivery(a_change(a_message()), object=other)).items) == []
