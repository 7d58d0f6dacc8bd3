"""What every `LeadChannel` does, and how one answers a subscription challenge."""

import secrets
from collections.abc import Mapping

import pytest

from application.ports.lead_channel import LeadChannel
from domain.channel import SettingValues
from domain.refusals import ChallengeIncomplete, ChallengeNotOffered, ChallengeRefused, Refusal
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
            assert len(kept) == 1, (
                f"of each group one, and of this it is {' and '.join(kept) or 'none'}."
                f" {LeadChannelContract.__doc__}"
            )

    def test_the_service_boots_with_it(self, channel: LeadChannel) -> None:
        causes = causes_against(channel)

        assert not causes, f"the service would not start: {'; '.join(causes)}"

    def test_it_inherits_the_port_so_that_nothing_can_be_forgotten(
        self, channel: LeadChannel
    ) -> None:
        assert LeadChannel in type(channel).__mro__, (
            f"write class {type(channel).__name__}(LeadChannel)"
        )

    def test_a_value_that_is_made_for_a_setting_is_one_that_it_takes(
        self, channel: LeadChannel
    ) -> None:
        for setting in (s for s in channel.settings if s.generated):
            for _ in range(100):
                made = secrets.token_urlsafe(24)
                assert setting.takes(made), f"the pattern of {setting.name} refuses {made}"


def fail_unless_it_raises(
    refusal: type[Refusal],
    what: str,
    channel: LeadChannel,
    query: Mapping[str, str],
    settings: SettingValues,
) -> None:
    """*what*, which has this *query*, must be refused by *refusal* and by nothing else."""
    __tracebackhide__ = True
    try:
        done = f"is answered {channel.answer_challenge(query, settings)!r}"
    except refusal:
        return
    except Refusal as other:
        done = f"is refused with {type(other).__name__}"
    pytest.fail(f"{what} {done}: raise {refusal.__name__}")


class ChallengeContract:
    """For a channel whose sender asks whether the webhook's URL is ours."""

    def test_a_right_challenge_is_answered(
        self, channel: LeadChannel, challenge: Challenge
    ) -> None:
        answer = channel.answer_challenge(challenge.query, challenge.settings)

        assert answer == challenge.answer, f"the sender waits for {challenge.answer!r}"

    def test_what_else_is_asked_does_not_matter(
        self, channel: LeadChannel, challenge: Challenge
    ) -> None:
        query = {"api_key": "swk_", "": "", **challenge.query, "z": "\udcff"}

        answer = channel.answer_challenge(query, challenge.settings)

        assert answer == challenge.answer, "parameters that it does not know must not matter"

    def test_a_missing_parameter_makes_it_incomplete(
        self, channel: LeadChannel, challenge: Challenge
    ) -> None:
        for name in challenge.query:
            query = {key: value for key, value in challenge.query.items() if key != name}
            what = f"a challenge without {name}"
            fail_unless_it_raises(ChallengeIncomplete, what, channel, query, challenge.settings)

    def test_a_project_that_has_no_token_answers_nobody(
        self, channel: LeadChannel, challenge: Challenge
    ) -> None:
        for settings in ({}, dict.fromkeys(challenge.settings, ())):
            what = "a challenge to a project that has no token"
            fail_unless_it_raises(ChallengeRefused, what, channel, challenge.query, settings)

    @pytest.mark.parametrize("odd", ["", "wrong", "é", "\udcff", chr(0xD800), "\0", "x" * 10**6])
    def test_a_wrong_token_is_refused(
        self, channel: LeadChannel, challenge: Challenge, odd: str
    ) -> None:
        (token,) = next(iter(challenge.settings.values()))
        name = next(name for name, value in challenge.query.items() if value == token)

        for wrong in (odd, token + odd, token[:-1] + odd, token.swapcase()):
            if wrong != token:
                what = f"a challenge with the wrong token {wrong[:60]!a}"
                query = {**challenge.query, name: wrong}
                fail_unless_it_raises(ChallengeRefused, what, channel, query, challenge.settings)


class NoChallengeContract:
    """For a channel whose sender just sends."""

    def test_a_challenge_is_not_offered(self, channel: LeadChannel) -> None:
        query = {"hub.challenge": "1"}
        fail_unless_it_raises(ChallengeNotOffered, "any challenge", channel, query, {})
