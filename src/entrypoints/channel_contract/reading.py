"""Whatever a sender sends is read item by item, and nothing in it is an error of ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.ports.lead_channel import LeadChannel
from domain.delivery import Unreadable
from domain.refusals import InvalidJson
from entrypoints.channel_contract.examples import EXAMPLES
from entrypoints.channel_contract.item_checks import NOT_AS_A_WHOLE, read, the_item, the_message
from entrypoints.channel_contract.json_values import (
    JSON_VALUES,
    json_bytes,
    nested,
    paths_of,
    with_value_at,
)
from entrypoints.channel_contract.sender import Sender


class ReadingContract:
    """Part of `LeadChannelContract`."""

    def test_what_a_person_sends_opens_a_lead_that_counts(
        self, channel: LeadChannel, sender: Sender
    ) -> None:
        sent = ("sender.item(1)", channel, sender.delivery(sender.item(1)))

        the_message(*sent)
        assert the_item(*sent).opens_lead, "a person who turns to you opens a lead: opens_lead=True"
        assert the_item(*sent).counts, "what is no test counts: counts=True"

    def test_what_does_not_say_whose_it_is_is_kept_as_unreadable(
        self, channel: LeadChannel, sender: Sender
    ) -> None:
        reading = channel.read(sender.delivery(sender.nameless()))

        assert [type(item) for item in reading.items] == [Unreadable], (
            "what sender.nameless() makes must be one Unreadable: it may have been a person, so it"
            " is neither ignored nor given an id of your own"
        )

    def test_a_delivery_that_comes_again_says_the_same(
        self, channel: LeadChannel, sender: Sender
    ) -> None:
        delivery = sender.delivery(sender.item(1), sender.item(2), "odd")

        assert channel.read(delivery) == channel.read(delivery), (
            "a message's id and all else come from the bytes alone: no clock, no counter"
        )

    @pytest.mark.parametrize(
        "body",
        [b"", b" ", b"{", b"[]", b"null", b"1", b'"text"', b"true", b"{}{}", b'{"a":NaN}', b"\xff"],
    )
    def test_what_is_no_json_object_is_refused_as_a_whole(
        self, channel: LeadChannel, sender: Sender, body: bytes
    ) -> None:
        try:
            reading = channel.read(sender.unsigned(body))
        except InvalidJson:
            return
        pytest.fail(f"{body!r} is no JSON object, and read gives {reading}: raise InvalidJson")

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

        assert reading is not None or not path, NOT_AS_A_WHOLE

    @pytest.mark.parametrize("value", [{}, [], [[]], {"a": []}, None, 0, -1, 1.5, True, "", "\0"])
    def test_a_plain_odd_value_may_stand_anywhere(
        self, channel: LeadChannel, sender: Sender, value: object
    ) -> None:
        payload = sender.payload(sender.item(1), sender.item(2))

        for path in paths_of(payload):
            reading = read(
                channel, sender.unsigned(json_bytes(with_value_at(payload, path, value)))
            )

            assert reading is not None or not path, NOT_AS_A_WHOLE

    @pytest.mark.parametrize("depth", [10, 300, 900])
    def test_deep_nesting_anywhere_is_no_error(
        self, channel: LeadChannel, sender: Sender, depth: int
    ) -> None:
        payload = sender.payload(sender.item(1), sender.item(2) | {"unknown": None})

        for path in paths_of(payload):
            read(channel, sender.unsigned(json_bytes(with_value_at(payload, path, nested(depth)))))
