"""The contract takes a good channel; that it runs one, too, those show that are in use."""

import pytest

from application.ports.lead_channel import LeadChannel
from entrypoints.channel_contract import (
    EndToEndContract,
    LeadChannelContract,
    NoChallengeContract,
    NoProofContract,
    OneItemContract,
    SecretHeaderContract,
    Sender,
    SignedBodyContract,
)
from tests.entrypoints.channel_contract.toys import (
    Fair,
    FairChannel,
    OpenFair,
    OpenFairChannel,
    StampedFair,
    StampedFairChannel,
)


class TestFairChannel(
    LeadChannelContract,
    SecretHeaderContract,
    OneItemContract,
    NoChallengeContract,
):
    @pytest.fixture
    def channel(self) -> LeadChannel:
        return FairChannel()

    @pytest.fixture
    def sender(self) -> Sender:
        return Fair()


class TestOpenFairChannel(
    LeadChannelContract, NoProofContract, OneItemContract, NoChallengeContract
):
    @pytest.fixture
    def channel(self) -> LeadChannel:
        return OpenFairChannel()

    @pytest.fixture
    def sender(self) -> Sender:
        return OpenFair()


class TestStampedFairChannel(
    EndToEndContract,
    LeadChannelContract,
    SignedBodyContract,
    OneItemContract,
    NoChallengeContract,
):
    word = "tests.entrypoints.channel_contract.toys:stamped_channel"

    @pytest.fixture
    def channel(self) -> LeadChannel:
        return StampedFairChannel()

    @pytest.fixture
    def sender(self) -> Sender:
        return StampedFair()
