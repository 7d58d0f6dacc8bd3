"""The sample with which an operator tries a connection says what a real delivery says."""

import pytest

from application.ports.lead_channel import LeadChannel
from domain.delivery import Delivery, Inbound
from domain.message import Message
from domain.refusals import SignatureMismatch
from entrypoints.channel_contract.sender import Sender

TEST = "test"
"""What marks the leads of all channels that are no lead."""


def the_item(channel: LeadChannel, delivery: Delivery) -> Inbound:
    """The one item of a sample."""
    items = channel.read(delivery).items
    assert len(items) == 1, "a sample holds one item"
    assert isinstance(items[0], Inbound), "a sample can be read"
    return items[0]


def the_message(channel: LeadChannel, delivery: Delivery) -> Message:
    """The message of a sample."""
    message = the_item(channel, delivery).message
    assert message is not None, "a sample says something: its item has a message"
    return message


class SampleContract:
    """Part of `LeadChannelContract`."""

    @pytest.fixture
    def sample(self, channel: LeadChannel, sender: Sender) -> Delivery:
        """A sample for a project with one secret, where there are any."""
        return channel.sample(sender.settings(*sender.secrets[:1]))

    def test_its_sample_is_authentic(self, channel: LeadChannel, sender: Sender) -> None:
        for secrets in (sender.secrets[:1], sender.secrets[:2], sender.secrets[1::-1]):
            settings = sender.settings(*secrets)
            channel.authenticate(channel.sample(settings), settings)

    def test_its_sample_is_as_the_host_hands_a_delivery_over(self, sample: Delivery) -> None:
        assert isinstance(sample.body, bytes)
        for name, values in [*sample.headers.items(), *sample.query.items()]:
            assert not isinstance(values, str), f"{name} has a list of values"
        for name in sample.headers:
            assert name == name.lower(), f"{name}: names of headers are lower case"

    def test_its_sample_is_no_larger_than_what_it_says_its_sender_makes(
        self, channel: LeadChannel, sample: Delivery
    ) -> None:
        assert len(sample.body) <= channel.largest_body_bytes

    def test_its_sample_proves_nothing_to_another_project(
        self, channel: LeadChannel, sender: Sender, sample: Delivery
    ) -> None:
        for secret in sender.secrets[1:]:
            with pytest.raises(SignatureMismatch):
                channel.authenticate(sample, sender.settings(secret))

    def test_a_project_without_settings_gets_a_sample_too(self, channel: LeadChannel) -> None:
        the_item(channel, channel.sample({}))

    def test_its_sample_opens_a_lead_that_does_not_count(
        self, channel: LeadChannel, sample: Delivery
    ) -> None:
        item = the_item(channel, sample)

        assert item.opens_lead, "a sample shows a lead"
        assert not item.counts, "a sample takes no place in the plan: counts=False"

    def test_its_sample_says_among_its_attributes_that_it_is_a_test(
        self, channel: LeadChannel, sample: Delivery
    ) -> None:
        attributes = the_item(channel, sample).details.attributes

        assert attributes.get(TEST) is True, (
            f'attributes={{"{TEST}": True}} is how whoever reads the lead sees what it is'
        )

    def test_its_samples_are_one_persons_and_each_is_a_message_of_its_own(
        self, channel: LeadChannel, sender: Sender
    ) -> None:
        samples = [channel.sample(sender.settings(*sender.secrets[:1])) for _ in range(3)]

        people = {tuple(the_item(channel, sample).identities) for sample in samples}
        ids = {the_message(channel, sample).message_id for sample in samples}
        assert len(people) == 1, "every sample is the same person's"
        assert len(ids) == len(samples), "each sample is another message"

    def test_its_sample_is_nobodys_whom_the_sender_may_bring(
        self, channel: LeadChannel, sender: Sender, sample: Delivery
    ) -> None:
        (real,) = channel.read(sender.delivery(sender.item(1))).items

        assert isinstance(real, Inbound)
        shared = set(real.identities) & set(the_item(channel, sample).identities)
        assert not shared, "a sample's person is one that no real delivery names"
