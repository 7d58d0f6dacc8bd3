"""One item a delivery, or any number of them: an odd one spoils nothing, and nothing vanishes."""

import json

from hypothesis import given
from hypothesis import strategies as st

from application.ports.lead_channel import LeadChannel
from domain.delivery import Inbound
from entrypoints.channel_contract.examples import EXAMPLES
from entrypoints.channel_contract.item_checks import (
    NOT_AS_A_WHOLE,
    assert_can_be_kept,
    read,
    strict_json,
    the_item,
    the_message,
)
from entrypoints.channel_contract.json_values import (
    JSON_VALUES,
    json_bytes,
    nested,
    paths_of,
    with_value_at,
)
from entrypoints.channel_contract.sender import Sender

NAMED = "what sender.item() makes can be read, and read gives an Unreadable"
SHARED = "an identity is one person's: of sender.item(1) and sender.item(2) none is the same"
ONE_ID = "each message has an id of its own, or all but the first are taken for repetitions"
ODD_SPOILS = "an odd item is Unreadable by itself: its neighbours are read as ever"


class OneItemContract:
    """For a channel whose deliveries hold one item each."""

    def test_a_delivery_is_one_item_whose_raw_is_what_was_sent(
        self, channel: LeadChannel, sender: Sender
    ) -> None:
        wanted = sender.item(1)
        delivery = sender.delivery(wanted)

        message = the_message("sender.item(1)", channel, delivery)

        assert strict_json(message.raw) == wanted, "raw must be what was sent, as JSON"
        assert_can_be_kept(channel.read(delivery).items)

    def test_different_people_share_no_identity_and_no_message_id(
        self, channel: LeadChannel, sender: Sender
    ) -> None:
        sent = {f"sender.item({n})": sender.delivery(sender.item(n)) for n in range(3)}

        identities = [i for what, d in sent.items() for i in the_item(what, channel, d).identities]
        ids = [the_message(what, channel, d).message_id for what, d in sent.items()]
        assert len(set(identities)) == len(identities), SHARED
        assert len(set(ids)) == len(ids), ONE_ID

    @EXAMPLES
    @given(value=JSON_VALUES, data=st.data())
    def test_nothing_vanishes(
        self, channel: LeadChannel, sender: Sender, value: object, data: st.DataObject
    ) -> None:
        payload = sender.payload(sender.item(1))
        path = data.draw(st.sampled_from([path for path in paths_of(payload) if path]))

        reading = read(channel, sender.unsigned(json_bytes(with_value_at(payload, path, value))))

        assert reading is not None, NOT_AS_A_WHOLE
        assert len(reading.items) + reading.ignored == 1, (
            "read must give the item, give an Unreadable, or count it as ignored"
        )

    def test_an_empty_object_is_no_error(self, channel: LeadChannel, sender: Sender) -> None:
        read(channel, sender.unsigned(b"{}"))


class BatchContract:
    """For a channel whose deliveries hold any number of items."""

    def test_every_item_is_read_in_its_order(self, channel: LeadChannel, sender: Sender) -> None:
        items = [sender.item(number) for number in range(3)]

        found = channel.read(sender.delivery(*items)).items

        assert len(found) == 3, f"the delivery has 3 items, and read gives {len(found)}"
        for wanted, item in zip(items, found, strict=True):
            assert isinstance(item, Inbound), NAMED
            assert item.message is not None, (
                "what a person sends is a message: give its Inbound one"
            )
            assert json.loads(item.message.raw) == wanted, "raw must be the item as it was sent"
        assert_can_be_kept(found)

    def test_items_of_different_people_share_no_identity_and_no_message_id(
        self, channel: LeadChannel, sender: Sender
    ) -> None:
        found = channel.read(sender.delivery(*(sender.item(n) for n in range(3)))).items

        people = [item.identities for item in found if isinstance(item, Inbound)]
        ids = {m.message_id for i in found if isinstance(i, Inbound) and (m := i.message)}
        assert len(people) == 3, NAMED
        assert len({identity for identities in people for identity in identities}) >= 3, SHARED
        assert len(ids) == 3, ONE_ID

    def test_a_delivery_may_be_empty(self, channel: LeadChannel, sender: Sender) -> None:
        assert list(channel.read(sender.delivery()).items) == [], "there is no item in it"

    @EXAMPLES
    @given(odd=JSON_VALUES)
    def test_an_odd_item_does_not_spoil_its_neighbours(
        self, channel: LeadChannel, sender: Sender, odd: object
    ) -> None:
        before, after = sender.item(1), sender.item(2)
        expected = channel.read(sender.delivery(before, after)).items

        found = channel.read(sender.delivery(before, odd, after)).items

        assert [*found[:1], *found[-1:]] == list(expected), ODD_SPOILS
        assert_can_be_kept(found)

    @EXAMPLES
    @given(value=JSON_VALUES, data=st.data())
    def test_an_item_with_an_odd_value_does_not_spoil_its_neighbours(
        self, channel: LeadChannel, sender: Sender, value: object, data: st.DataObject
    ) -> None:
        before, middle, after = (sender.item(number) for number in range(3))
        path = data.draw(st.sampled_from(list(paths_of(middle))))
        expected = channel.read(sender.delivery(before, after)).items

        odd = with_value_at(middle, path, value)
        found = channel.read(sender.delivery(before, odd, after)).items

        assert [*found[:1], *found[-1:]] == list(expected), ODD_SPOILS
        assert_can_be_kept(found)

    def test_a_deeply_nested_item_does_not_spoil_its_neighbours(
        self, channel: LeadChannel, sender: Sender
    ) -> None:
        before, after = sender.item(1), sender.item(2)
        expected = channel.read(sender.delivery(before, after)).items

        found = channel.read(sender.delivery(before, {"deep": nested(500)}, after)).items

        assert [*found[:1], *found[-1:]] == list(expected), ODD_SPOILS
