"""The sample with which an operator tries a connection says what a real delivery says."""

import pytest

from application.ports.lead_channel import Delivery, Inbound, LeadChannel
from domain.lead import Message
from domain.refusals import SignatureMismatch
from entrypoints.channel_kit.sender import Sender


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

        assert item.opens_lead
        assert not item.counts

    def test_its_samples_are_one_persons_and_each_is_a_message_of_its_own(
        self, channel: LeadChannel, sender: Sender
    ) -> None:
        samples = [channel.sample(sender.settings(*sender.secrets[:1])) for _ in range(3)]

        assert len({the_item(channel, sample).identities for sample in samples}) == 1
        assert len({the_message(channel, sample).message_id for sample in samples}) == len(samples)

    def test_its_sample_is_nobodys_whom_the_sender_may_bring(
        self, channel: LeadChannel, sender: Sender, sample: Delivery
    ) -> None:
        (real,) = channel.read(sender.delivery(sender.item(1))).items

        assert isinstance(real, Inbound)
        assert not set(real.identities) & set(the_item(channel, sample).identities)
