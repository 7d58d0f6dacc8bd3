"""What every `LeadChannel` does, and how one answers a subscription challenge."""

import secrets

import pytest

from application.ports.lead_channel import LeadChannel
from domain.refusals import ChallengeIncomplete, ChallengeNotOffered, ChallengeRefused
from entrypoints.channel_contract.authentication import NoProofContract, ProofContract
from entrypoints.channel_contract.items import BatchContract, OneItemContract
from entrypoints.channel_contract.reading import ReadingContract
from entrypoints.channel_contract.sample import SampleContract
from entrypoints.channel_contract.sender import Challenge
from entrypoints.channels.rules import causes_against


class LeadChannelContract(ReadingContract, SampleContract):
    """
    Subclass it and provide the fixtures `channel` and `sender`, a `Sender`.

    Beside it, take one from each group; the first test fails where one is forgotten:

        its sender signs the body                            SignedBodyContract
        … sends a shared secret in a header                  SecretHeaderContract
        … sends it in the body                               SecretMemberContract
        … proves nothing                                     NoProofContract

        its deliveries hold any number of items              BatchContract
        … hold one                                           OneItemContract

        it asks a subscription challenge                     ChallengeContract, and `challenge`
        … asks none                                          NoChallengeContract
    """

    @pytest.fixture(autouse=True)
    def _is_declared_rightly(self, request: pytest.FixtureRequest, channel: LeadChannel) -> None:
        """What is wrong with a declaration is said once, by the test that is about it."""
        causes = causes_against(channel)
        if causes and request.function.__name__ != "test_the_service_boots_with_it":
            pytest.skip(f"it cannot be switched on: {'; '.join(causes)}")

    def test_one_contract_of_each_group_is_kept(self) -> None:
        groups: tuple[tuple[type, ...], ...] = (
            (ProofContract, NoProofContract),
            (BatchContract, OneItemContract),
            (ChallengeContract, NoChallengeContract),
        )
        for group in groups:
            kept = [contract.__name__ for contract in group if isinstance(self, contract)]
            assert len(kept) == 1, f"of each group one: see {LeadChannelContract.__doc__}"

    def test_the_service_boots_with_it(self, channel: LeadChannel) -> None:
        assert causes_against(channel) == []

    def test_it_inherits_the_port_so_that_nothing_can_be_forgotten(
        self, channel: LeadChannel
    ) -> None:
        assert LeadChannel in type(channel).__mro__, "inherit LeadChannel"

    def test_a_value_that_is_made_for_a_setting_is_one_that_it_takes(
        self, channel: LeadChannel
    ) -> None:
        for setting in (s for s in channel.settings if s.generated):
            for _ in range(100):
                assert setting.takes(secrets.token_urlsafe(24)), setting.name


class ChallengeContract:
    """For a channel whose sender asks whether the webhook's URL is ours."""

    def test_a_right_challenge_is_answered(
        self, channel: LeadChannel, challenge: Challenge
    ) -> None:
        answer = channel.answer_challenge(challenge.query, challenge.settings)

        assert answer == challenge.answer

    def test_what_else_is_asked_does_not_matter(
        self, channel: LeadChannel, challenge: Challenge
    ) -> None:
        query = {"api_key": "swk_", "": "", **challenge.query, "z": "\udcff"}

        assert channel.answer_challenge(query, challenge.settings) == challenge.answer

    def test_a_missing_parameter_makes_it_incomplete(
        self, channel: LeadChannel, challenge: Challenge
    ) -> None:
        for name in challenge.query:
            query = {key: value for key, value in challenge.query.items() if key != name}
            with pytest.raises(ChallengeIncomplete):
                channel.answer_challenge(query, challenge.settings)

    def test_a_project_that_has_no_token_answers_nobody(
        self, channel: LeadChannel, challenge: Challenge
    ) -> None:
        for settings in ({}, dict.fromkeys(challenge.settings, ())):
            with pytest.raises(ChallengeRefused):
                channel.answer_challenge(challenge.query, settings)

    @pytest.mark.parametrize("odd", ["", "wrong", "é", "\udcff", chr(0xD800), "\0", "x" * 10**6])
    def test_a_wrong_token_is_refused(
        self, channel: LeadChannel, challenge: Challenge, odd: str
    ) -> None:
        (token,) = next(iter(challenge.settings.values()))
        name = next(name for name, value in challenge.query.items() if value == token)

        for wrong in (odd, token + odd, token[:-1] + odd, token.swapcase()):
            if wrong != token:
                with pytest.raises(ChallengeRefused):
                    channel.answer_challenge({**challenge.query, name: wrong}, challenge.settings)


class NoChallengeContract:
    """For a channel whose sender just sends."""

    def test_a_challenge_is_not_offered(self, channel: LeadChannel) -> None:
        with pytest.raises(ChallengeNotOffered):
            channel.answer_challenge({"hub.challenge": "1"}, {})
