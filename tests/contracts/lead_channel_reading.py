"""Whatever a sender sends is read item by item, and nothing in it is an error of ours."""

import json
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.ports.lead_channel import Delivery, Inbound, LeadChannel, Reading, Unreadable
from domain.refusals import InvalidJson
from tests.contracts.examples import EXAMPLES
from tests.contracts.json_values import (
    JSON_VALUES,
    json_bytes,
    nested,
    paths_of,
    with_value_at,
)
from tests.contracts.lead_channel_sender import Sender


def assert_is_sound(items: Iterable[Inbound | Unreadable]) -> None:
    """What the host may rely on."""
    for item in items:
        if isinstance(item, Unreadable):
            json.loads(item.raw)
            continue
        assert item.identities
        assert all(identity.kind and identity.value for identity in item.identities)
        json.dumps(item.details.present(), allow_nan=False).encode()
        if item.message is not None:
            assert item.message.message_id
            assert item.message.type
            json.loads(item.message.raw)
            if item.message.sent_at is not None:
                assert item.message.sent_at.utcoffset() is not None
        repr(item).encode()


def read(channel: LeadChannel, delivery: Delivery) -> Reading | None:
    """The reading, None for a body that as a whole is not the sender's format."""
    try:
        reading = channel.read(delivery)
    except InvalidJson:
        return None
    assert reading.ignored >= 0
    assert_is_sound(reading.items)
    return reading


class ReadingContract:
    def test_a_delivery_that_comes_again_says_the_same(
        self, channel: LeadChannel, sender: Sender
    ) -> None:
        delivery = sender.delivery(sender.item(1), sender.item(2), "odd")

        assert channel.read(delivery) == channel.read(delivery)

    @pytest.mark.parametrize(
        "body",
        [b"", b" ", b"{", b"[]", b"null", b"1", b'"text"', b"true", b"{}{}", b'{"a":NaN}', b"\xff"],
    )
    def test_what_is_no_json_object_is_refused_as_a_whole(
        self, channel: LeadChannel, sender: Sender, body: bytes
    ) -> None:
        with pytest.raises(InvalidJson):
            channel.read(sender.unsigned(body))

    @EXAMPLES
    @given(body=st.binary(max_size=200))
    def test_any_bytes_are_read_or_refused(
        self, channel: LeadChannel, sender: Sender, body: bytes
    ) -> None:
        read(channel, sender.unsigned(body))

    @EXAMPLES
    @given(value=JSON_VALUES, data=st.data())
    def test_any_value_may_stand_anywhere(
        self, channel: LeadChannel, sender: Sender, value: object, data: st.DataObject
    ) -> None:
        payload = sender.payload(sender.item(1), sender.item(2))
        path = data.draw(st.sampled_from(list(paths_of(payload))))

        reading = read(channel, sender.unsigned(json_bytes(with_value_at(payload, path, value))))

        assert reading is not None or not path

    @pytest.mark.parametrize("value", [{}, [], [[]], {"a": []}, None, 0, -1, 1.5, True, "", "\0"])
    def test_a_plain_odd_value_may_stand_anywhere(
        self, channel: LeadChannel, sender: Sender, value: object
    ) -> None:
        payload = sender.payload(sender.item(1), sender.item(2))

        for path in paths_of(payload):
            reading = read(
                channel, sender.unsigned(json_bytes(with_value_at(payload, path, value)))
            )

            assert reading is not None or not path

    @pytest.mark.parametrize("depth", [10, 300, 900])
    def test_deep_nesting_anywhere_is_no_error(
        self, channel: LeadChannel, sender: Sender, depth: int
    ) -> None:
        payload = sender.payload(sender.item(1), sender.item(2) | {"unknown": None})

        for path in paths_of(payload):
            read(channel, sender.unsigned(json_bytes(with_value_at(payload, path, nested(depth)))))


class BatchContract:
    """For a channel whose deliveries hold any number of items, beside `LeadChannelContract`."""

    def test_every_item_is_read_in_its_order(self, channel: LeadChannel, sender: Sender) -> None:
        items = [sender.item(number) for number in range(3)]

        found = channel.read(sender.delivery(*items)).items

        assert len(found) == 3
        for wanted, item in zip(items, found, strict=True):
            assert isinstance(item, Inbound)
            assert item.message is not None
            assert json.loads(item.message.raw) == wanted
        assert_is_sound(found)

    def test_items_of_different_people_share_no_identity_and_no_message_id(
        self, channel: LeadChannel, sender: Sender
    ) -> None:
        found = channel.read(sender.delivery(*(sender.item(n) for n in range(3)))).items

        people = [item.identities for item in found if isinstance(item, Inbound)]
        ids = {item.message.message_id for item in found if isinstance(item, Inbound)}
        assert len({identity for identities in people for identity in identities}) >= 3
        assert len(ids) == 3

    def test_a_delivery_may_be_empty(self, channel: LeadChannel, sender: Sender) -> None:
        assert list(channel.read(sender.delivery()).items) == []

    @EXAMPLES
    @given(odd=JSON_VALUES)
    def test_an_odd_item_does_not_spoil_its_neighbours(
        self, channel: LeadChannel, sender: Sender, odd: object
    ) -> None:
        before, after = sender.item(1), sender.item(2)
        expected = channel.read(sender.delivery(before, after)).items

        found = channel.read(sender.delivery(before, odd, after)).items

        assert [found[0], found[-1]] == list(expected)
        assert_is_sound(found)

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

        assert [found[0], found[-1]] == list(expected)
        assert_is_sound(found)

    def test_a_deeply_nested_item_does_not_spoil_its_neighbours(
        self, channel: LeadChannel, sender: Sender
    ) -> None:
        before, after = sender.item(1), sender.item(2)
        expected = channel.read(sender.delivery(before, after)).items

        found = channel.read(sender.delivery(before, {"deep": nested(500)}, after)).items

        assert [found[0], found[-1]] == list(expected)
