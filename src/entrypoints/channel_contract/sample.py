"""The sample with which an operator tries a connection says what a real delivery says."""

import pytest

from application.ports.lead_channel import LeadChannel
from domain.delivery import Delivery
from entrypoints.channel_contract.authentication import is_authentic, refused, taken
from entrypoints.channel_contract.item_checks import the_item, the_message
from entrypoints.channel_contract.sender import Sender

TEST = "test"
"""What marks the leads of all channels that are no lead."""
A_SAMPLE = "what sample() makes"


class SampleContract:
    """Part of `LeadChannelContract`."""

    @pytest.fixture
    def sample(self, channel: LeadChannel, sender: Sender) -> Delivery:
        """A sample for a project with one secret, where there are any."""
        return channel.sample(sender.settings(*sender.secrets[:1]))

    def test_its_sample_is_authentic(self, channel: LeadChannel, sender: Sender) -> None:
        for secrets in (sender.secrets[:1], sender.secrets[:2], sender.secrets[1::-1]):
            settings = sender.settings(*secrets)
            assert is_authentic(channel, sender, channel.sample(settings), *secrets), refused(
                A_SAMPLE, "sign it with the first of the secrets in the settings that it gets"
            )

    def test_its_sample_is_as_the_host_hands_a_delivery_over(self, sample: Delivery) -> None:
        assert isinstance(sample.body, bytes), "Delivery.body is bytes: json.dumps(…).encode()"
        for name, values in [*sample.headers.items(), *sample.query.items()]:
            assert not isinstance(values, str), f"{name} needs a list of values: ({values!r},)"
        for name in sample.headers:
            assert name == name.lower(), f"write {name.lower()}: names of headers are lower case"

    def test_its_sample_is_no_larger_than_what_it_says_its_sender_makes(
        self, channel: LeadChannel, sample: Delivery
    ) -> None:
        assert len(sample.body) <= channel.largest_body_bytes, (
            "the service would refuse the sample unread: make it smaller, or declare a larger"
            " largest_body_bytes"
        )

    def test_its_sample_proves_nothing_to_another_project(
        self, channel: LeadChannel, sender: Sender, sample: Delivery
    ) -> None:
        for secret in sender.secrets[1:]:
            assert not is_authentic(channel, sender, sample, secret), taken(
                "a sample of another project", "it is made with one of this project's secrets"
            )

    def test_a_project_without_settings_gets_a_sample_too(self, channel: LeadChannel) -> None:
        the_item(A_SAMPLE, channel, channel.sample({}))

    def test_its_sample_opens_a_lead_that_does_not_count(
        self, channel: LeadChannel, sample: Delivery
    ) -> None:
        item = the_item(A_SAMPLE, channel, sample)

        assert item.opens_lead, "a sample must make a lead: opens_lead=True"
        assert not item.counts, "a sample takes no place of the month: counts=False"

    def test_its_sample_says_among_its_attributes_that_it_is_a_test(
        self, channel: LeadChannel, sample: Delivery
    ) -> None:
        attributes = the_item(A_SAMPLE, channel, sample).details.attributes

        assert attributes.get(TEST) is True, (
            f'attributes={{"{TEST}": True}} is how whoever reads the lead sees what it is'
        )

    def test_its_samples_are_one_persons_and_each_is_a_message_of_its_own(
        self, channel: LeadChannel, sender: Sender
    ) -> None:
        samples = [channel.sample(sender.settings(*sender.secrets[:1])) for _ in range(3)]

        people = {tuple(the_item(A_SAMPLE, channel, sample).identities) for sample in samples}
        ids = {the_message(A_SAMPLE, channel, sample).message_id for sample in samples}
        assert len(people) == 1, (
            "every sample must be the same person's: the same identities each time"
        )
        assert len(ids) == len(samples), "each sample must be another message: another message_id"

    def test_its_sample_is_nobodys_whom_the_sender_may_bring(
        self, channel: LeadChannel, sender: Sender, sample: Delivery
    ) -> None:
        real = the_item("sender.item(1)", channel, sender.delivery(sender.item(1)))

        shared = set(real.identities) & set(the_item(A_SAMPLE, channel, sample).identities)
        assert not shared, "a sample's person is one that no real delivery names"
