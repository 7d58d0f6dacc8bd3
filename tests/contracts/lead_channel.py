"""
What every `LeadChannel` does.

Subclass `LeadChannelContract` and provide `channel`, and `sender`, a
`tests.contracts.lead_channel_sender.Sender`, whose signature may be a plain shared secret.
Beside it, take what your sender does:

    signs the body                          SignedBodyContract
    sends several items in one delivery     BatchContract
    asks a subscription challenge           ChallengeContract, with a fixture `challenge`
    asks none                               NoChallengeContract
"""

import re
import secrets

import pytest

from application.ports.lead_channel import LeadChannel
from domain.refusals import (
    ChallengeIncomplete,
    ChallengeNotOffered,
    ChallengeRefused,
    SignatureMismatch,
)
from tests.contracts.lead_channel_authentication import AuthenticationContract, SignedBodyContract
from tests.contracts.lead_channel_reading import BatchContract, ReadingContract
from tests.contracts.lead_channel_sender import Challenge, Sender

__all__ = [
    "BatchContract",
    "ChallengeContract",
    "LeadChannelContract",
    "NoChallengeContract",
    "SignedBodyContract",
]


class LeadChannelContract(AuthenticationContract, ReadingContract):
    def test_it_is_a_lead_channel(self, channel: LeadChannel) -> None:
        assert isinstance(channel, LeadChannel)

    def test_its_name_can_stand_in_a_url(self, channel: LeadChannel) -> None:
        assert re.fullmatch(r"[a-z][a-z0-9_]{0,30}", channel.name)

    def test_its_settings_have_names_of_their_own_that_a_shell_takes(
        self, channel: LeadChannel
    ) -> None:
        names = [setting.name for setting in channel.settings]

        assert all(re.fullmatch(r"[a-z][a-z0-9_]{0,50}", name) for name in names)
        assert len(names) == len(set(names))

    def test_its_settings_are_explained_in_one_line(self, channel: LeadChannel) -> None:
        for setting in channel.settings:
            assert setting.help.strip()
            assert "\n" not in setting.help + setting.warning_when_unset
            assert setting.at_most >= 1

    def test_the_patterns_of_its_settings_can_be_matched(self, channel: LeadChannel) -> None:
        for setting in channel.settings:
            pattern = re.compile(setting.pattern, re.ASCII)

            assert pattern.fullmatch("") is None, f"{setting.name}: nothing is no value"
            assert pattern.fullmatch("line\nbreak" * 3) is None, setting.name

    def test_several_values_can_be_told_apart(self, channel: LeadChannel) -> None:
        for setting in (s for s in channel.settings if s.at_most > 1):
            both = ("1" * 12 + ",") + "2" * 12
            assert re.fullmatch(setting.pattern, both, re.ASCII) is None, setting.name

    def test_a_value_that_is_made_for_a_setting_is_one_that_it_takes(
        self, channel: LeadChannel
    ) -> None:
        for setting in (s for s in channel.settings if s.generated):
            for _ in range(100):
                assert re.fullmatch(setting.pattern, secrets.token_urlsafe(24), re.ASCII)
            assert not setting.secret, f"{setting.name} must be shown to be of use"

    def test_what_is_secret_can_be_given(self, channel: LeadChannel, sender: Sender) -> None:
        declared = {setting.name: setting for setting in channel.settings}

        for name, values in sender.settings(*sender.secrets[:2]).items():
            assert declared[name].secret
            assert declared[name].at_most >= 2, "a rotation needs two"
            assert all(re.fullmatch(declared[name].pattern, v, re.ASCII) for v in values)

    def test_without_settings_a_delivery_is_taken_only_if_that_is_said_loudly(
        self, channel: LeadChannel, sender: Sender
    ) -> None:
        warnings = [s.warning_when_unset for s in channel.settings if s.secret]

        try:
            channel.authenticate(sender.delivery(), {})
        except SignatureMismatch:
            return

        assert any(warnings)


class ChallengeContract:
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
    def test_a_challenge_is_not_offered(self, channel: LeadChannel) -> None:
        with pytest.raises(ChallengeNotOffered):
            channel.answer_challenge({"hub.challenge": "1"}, {})
