"""
What `pywa`, a reader by other people, makes of the corpus.

It reads the first message of the first change of the first entry, and needs more than Meta
promises: what it does not read stands in a table, so that nobody takes its word for more.
"""

from contextlib import suppress
from typing import Any

import pytest
from pywa import WhatsApp, handlers
from pywa.types import PhoneNumberChange

from adapters.whatsapp import WhatsAppChannel
from adapters.whatsapp.senders import all_identities
from adapters.whatsapp.signature import HEADER, sign
from domain.delivery import Delivery, Inbound
from domain.identity import Identity
from domain.refusals import SignatureMismatch
from tests.corpus.cases import CASES
from tests.corpus.forms import as_meta

SECRET = "0123456789abcdef0123456789abcdef"
HANDLERS = (
    handlers.MessageHandler,
    handlers.CallbackButtonHandler,
    handlers.CallbackSelectionHandler,
    handlers.FlowCompletionHandler,
    handlers.CallPermissionUpdateHandler,
    handlers.PhoneNumberChangeHandler,
    handlers.EditedMessageHandler,
    handlers.DeletedMessageHandler,
)
CHANNEL = WhatsAppChannel()
NEW_TYPES = pytest.mark.filterwarnings("ignore:Unknown MessageType:UserWarning")
"""pywa warns of types that it does not know."""

NOT_READ_BY_PYWA = {
    "it wants a user id in every contact; until April 2026 there was none": {
        "contact_alone_with_another_number.0",
        "contact_alone_with_several_messages.0",
        "contacts_without_a_name.0",
        "number_change_between_two_messages.0",
        "number_change_between_two_messages.2",
        "number_change_told_late.0",
        "number_change_told_late.1",
        "referrals_of_two_ads.0",
        "referrals_of_two_ads.1",
        "sample_of_ours.0",
        "standby_and_messages_of_one_person.1",
        "sample_of_the_dashboard.0",
        "sender_with_a_user_id_for_a_phone.0",
        "two_leads_are_one_person.1",
    },
    "it wants a contact beside every message": {
        "phone_argentina.0",
        "phone_argentina.1",
        "phone_brazil.0",
        "phone_brazil.1",
        "phone_mexico.0",
        "phone_mexico.1",
        "sender_with_a_parent_id_alone.0",
        "type_unsupported_first_message_of_an_ad.0",
        "user_id_change_with_the_previous_ids.3",
        "user_id_update_field.2",
    },
    "it wants a phone in every system message": {
        "user_id_change_in_a_system_message.1",
        "user_id_change_with_a_forged_name.0",
        "user_id_change_with_the_previous_ids.1",
    },
    "it does not know the field, or the answer to the question for an address": {
        "standby_and_messages_of_one_person.0",
        "standby_first_message_of_an_ad.0",
        "type_interactive_address.0",
        "user_id_update_field.1",
        "user_id_update_odd.0",
    },
    "it looks at the first change alone, and wants a field and metadata in it": {
        "field_missing.0",
        "fields_without_metadata.0",
        "metadata_missing.0",
    },
    "it wants a message in every error, and a formatted name on every card": {
        "type_contacts_of_somebody_else.0",
        "type_interactive_without_its_object.0",
    },
    "it knows seconds alone": {"timestamp_in_milliseconds.0", "timestamps_that_are_none.0"},
    "it wants every value to be of the documented type": {
        *(f"contacts_of_odd_types.{number}" for number in range(7)),
        "containers_of_odd_types.0",
        "ids_as_numbers.0",
        "ids_as_numbers.1",
        "messages_that_is_an_object.0",
        "referral_that_is_no_object.0",
        "type_missing.0",
        "type_odd.0",
    },
}
"""Deliveries, by their case and place in it, and why."""
FIRST_CONTACT_FOR_EVERYBODY = {
    "batch_of_a_message_and_statuses.0",
    "batch_of_many_messages_of_three_people.0",
    "batches_that_overlap.2",
    "contact_alone_of_another_person.0",
    "contacts_in_another_order.0",
    "group_message.0",
    "sender_with_the_phone_in_the_contact.0",
    "sender_with_the_user_id_in_the_contact.0",
}
"""Deliveries whose sender pywa mistakes: it takes the first contact for everybody's."""
UNREAD = {name for names in NOT_READ_BY_PYWA.values() for name in names}


def _ours(delivery: dict[str, Any]) -> list[Inbound]:
    items = CHANNEL.read(Delivery(as_meta(delivery), {})).items
    return [item for item in items if isinstance(item, Inbound)]


DELIVERIES = {
    f"{case.name}.{place}": delivery
    for case in CASES
    for place, delivery in enumerate(case.deliveries)
    if _ours(delivery)
}


@pytest.fixture
def pywa() -> WhatsApp:
    return WhatsApp(app_secret=SECRET, filter_updates=False, skip_duplicate_updates=False)


@pytest.fixture
def updates(pywa: WhatsApp) -> list[Any]:
    """What pywa has read."""
    found: list[Any] = []
    pywa.add_handlers(*(handler(lambda _, update: found.append(update)) for handler in HANDLERS))
    return found


@NEW_TYPES
@pytest.mark.parametrize("name", sorted(DELIVERIES.keys() - UNREAD))
def test_pywa_reads_the_message_that_we_read(pywa: WhatsApp, updates: list[Any], name: str) -> None:
    assert pywa.webhook_update_handler(as_meta(DELIVERIES[name])) == ("ok", 200)

    (theirs,) = updates
    ours = _same(_ours(DELIVERIES[name]), theirs)
    one_person = not set(ours.identities).isdisjoint(_identities(theirs))
    assert one_person is (name not in FIRST_CONTACT_FOR_EVERYBODY)
    assert ours.message is None or ours.message.sent_at == theirs.timestamp


def _same(ours: list[Inbound], theirs: Any) -> Inbound:
    """Our item for their update; a changed number has no message."""
    if isinstance(theirs, PhoneNumberChange):
        return ours[0]
    return next(i for i in ours if i.message and i.message.message_id == theirs.id)


def _identities(theirs: Any) -> tuple[Identity, ...]:
    if isinstance(theirs, PhoneNumberChange):
        return all_identities([theirs.new_wa_id, theirs.new_user_id])
    return all_identities([theirs.from_user.bsuid, theirs.from_user.wa_id])


@NEW_TYPES
@pytest.mark.parametrize("name", sorted(UNREAD))
def test_pywa_does_not_read_what_the_table_says(
    pywa: WhatsApp, updates: list[Any], name: str
) -> None:
    with suppress(LookupError, TypeError, AttributeError):
        pywa.webhook_update_handler(as_meta(DELIVERIES[name]))

    assert updates == []


def test_the_table_is_the_smaller_part() -> None:
    assert len(UNREAD) < len(DELIVERIES) / 2


@pytest.mark.parametrize("name", ["type_text.0", "text_with_all_that_meta_escapes.0"])
def test_pywa_takes_the_signatures_that_we_take_and_no_others(pywa: WhatsApp, name: str) -> None:
    body = as_meta(DELIVERIES[name])
    right = sign(body, SECRET)

    assert _both_take(pywa, body, right) == (True, True)
    for wrong in (sign(body, "another secret"), right[:-1], "", "sha256=", sign(b"", SECRET)):
        assert _both_take(pywa, body, wrong) == (False, False)
    assert _both_take(pywa, body + b" ", right) == (False, False)


def _both_take(pywa: WhatsApp, body: bytes, signature: str) -> tuple[bool, bool]:
    try:
        CHANNEL.authenticate(Delivery(body, {HEADER: (signature,)}), {"app_secret": (SECRET,)})
    except SignatureMismatch:
        return False, pywa.webhook_update_validator(body, signature) is None
    return True, pywa.webhook_update_validator(body, signature) is None
