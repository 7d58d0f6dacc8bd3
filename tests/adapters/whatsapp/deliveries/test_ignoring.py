"""What is none of ours is acknowledged and makes no lead."""

from typing import Any

import pytest

from tests.adapters.whatsapp.deliveries.deliveries import (
    PHONE,
    a_change,
    a_contact,
    a_delivery,
    a_message,
    message_ids,
    read,
    read_messages,
    read_one,
)


@pytest.mark.parametrize("message_type", ["reaction", "system"])
def test_what_nobody_wrote_makes_no_item(message_type: str) -> None:
    reading = read_messages(a_message(type=message_type), a_message(id="m2"))

    assert len(reading.items) == 1
    assert reading.ignored == 1


EDITED = {"original_message_id": "wamid.1", "message": {"type": "text", "text": {"body": "new"}}}


@pytest.mark.parametrize(
    ("kind", "keys", "text"),
    [
        ("edit", {"edit": EDITED}, "new"),
        ("revoke", {"revoke": {"original_message_id": "wamid.1"}}, None),
        ("unsupported", {"unsupported": {"type": "edit"}, "errors": [{"code": 131051}]}, None),
        ("unsupported", {"unsupported": {"type": "revoke"}, "errors": [{"code": 131051}]}, None),
    ],
)
def test_what_became_of_a_message_is_kept_with_a_known_person_and_opens_no_lead(
    kind: str, keys: dict[str, Any], text: str | None
) -> None:
    item = read_one(type=kind, **({"text": None} | keys))

    assert not item.opens_lead
    assert item.message is not None
    assert (item.message.type, item.message.text) == (kind, text)


@pytest.mark.parametrize("keys", [{"id": None}, {"from": None}, {"id": 5, "from": []}])
def test_what_became_of_a_message_and_cannot_be_read_is_not_held(keys: dict[str, Any]) -> None:
    reading = read_messages(a_message(**({"type": "edit"} | keys)))

    assert list(reading.items) == []
    assert reading.ignored == 1


@pytest.mark.parametrize("kind", ["poll_creation", "pin", "gif", "list", None, 5])
def test_any_other_unsupported_message_opens_a_lead(kind: Any) -> None:
    assert read_one(type="unsupported", text=None, unsupported={"type": kind}).opens_lead


def test_user_actions_are_acknowledged_one_by_one() -> None:
    actions = [
        {"action_type": "marketing_messages_link_click"},
        {"action_type": "landing_page_view"},
    ]

    reading = read_messages(messages=None, user_actions=actions)

    assert list(reading.items) == []
    assert reading.ignored == 2


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
    ["history", "smb_message_echoes", "message_echoes", "account_update", "from 2030", "Messages"],
)
def test_messages_under_another_field_are_none_of_ours(field: str) -> None:
    reading = read(a_delivery(a_change(a_message()) | {"field": field}))

    assert list(reading.items) == []
    assert reading.ignored == 1


@pytest.mark.parametrize("other", ["page", "instagram", "WhatsApp_Business_Account"])
def test_another_object_is_none_of_ours(other: str) -> None:
    reading = read(a_delivery(a_change(a_message()), object=other))

    assert list(reading.items) == []
    assert reading.ignored == 1


@pytest.mark.parametrize("nothing", [None, "", 1, [], {}])
def test_no_name_of_an_object_or_a_field_hides_no_message(nothing: Any) -> None:
    change = a_change(a_message(id="m1")) | {"field": nothing}

    assert message_ids(a_delivery(change, object=nothing)) == ["m1"]
    assert message_ids(a_delivery(a_change(a_message(id="m1"), field=None))) == ["m1"]
