"""A delivery is the sender's, or nothing of it is read."""

import json

import pytest

from application.ports.lead_channel import Delivery, LeadChannel
from domain.refusals import SignatureMismatch
from tests.contracts.json_values import json_bytes
from tests.contracts.lead_channel_sender import Sender


def is_authentic(channel: LeadChannel, sender: Sender, delivery: Delivery, *secrets: str) -> bool:
    try:
        channel.authenticate(delivery, sender.settings(*secrets))
    except SignatureMismatch:
        return False
    return True


class AuthenticationContract:
    @pytest.fixture
    def body(self, sender: Sender) -> bytes:
        return json_bytes(sender.payload(sender.item(1), {"text": "/ @ % < é 🙂 \\ "}))

    @pytest.fixture
    def secret(self, sender: Sender) -> str:
        return sender.secrets[0]

    @pytest.fixture
    def signature(self, sender: Sender, body: bytes, secret: str) -> str:
        return sender.signature(body, secret)

    def test_a_delivery_as_the_sender_sent_it_is_authentic(
        self, channel: LeadChannel, sender: Sender, body: bytes, signature: str, secret: str
    ) -> None:
        assert is_authentic(channel, sender, sender.signed(body, signature), secret)

    def test_bytes_that_are_no_text_can_be_signed(
        self, channel: LeadChannel, sender: Sender, secret: str
    ) -> None:
        for body in (b"", b"\xff\x00\xfe"):
            delivery = sender.signed(body, sender.signature(body, secret))
            assert is_authentic(channel, sender, delivery, secret)

    def test_a_delivery_without_a_signature_is_not_authentic(
        self, channel: LeadChannel, sender: Sender, body: bytes, secret: str
    ) -> None:
        for delivery in (sender.unsigned(body), sender.signed(body)):
            assert not is_authentic(channel, sender, delivery, secret)

    def test_a_signature_under_another_name_is_none(
        self, channel: LeadChannel, sender: Sender, body: bytes, signature: str, secret: str
    ) -> None:
        delivery = Delivery(body, {"x-signature": (signature,), "authorization": (signature,)})

        assert not is_authentic(channel, sender, delivery, secret)

    def test_two_signatures_are_one_too_many(
        self, channel: LeadChannel, sender: Sender, body: bytes, signature: str, secret: str
    ) -> None:
        other = sender.signature(body, sender.secrets[1])

        for signatures in ((signature, signature), (signature, other), (other, signature)):
            delivery = sender.signed(body, *signatures)
            assert not is_authentic(channel, sender, delivery, secret)

    @pytest.mark.parametrize(
        "odd", ["", " ", "é", "\udcff", chr(0xD800), "\0", "🙂" * 71, "x" * 10**6]
    )
    def test_an_odd_signature_is_a_wrong_one(
        self,
        channel: LeadChannel,
        sender: Sender,
        body: bytes,
        signature: str,
        secret: str,
        odd: str,
    ) -> None:
        for text in (odd, signature + odd, odd + signature, signature[:-1] + odd):
            if text != signature:
                assert not is_authentic(channel, sender, sender.signed(body, text), secret)

    def test_a_part_of_a_signature_is_none(
        self, channel: LeadChannel, sender: Sender, body: bytes, signature: str, secret: str
    ) -> None:
        parts = [signature[:length] for length in range(len(signature))]
        parts += [signature[start:] for start in range(1, len(signature))]

        assert not any(
            is_authentic(channel, sender, sender.signed(body, part), secret) for part in parts
        )

    def test_during_a_rotation_either_secret_will_do_and_afterwards_the_new_one_alone(
        self, channel: LeadChannel, sender: Sender, body: bytes
    ) -> None:
        old, new, foreign = sender.secrets
        by_old, by_new, by_foreign = (
            sender.signed(body, sender.signature(body, secret)) for secret in sender.secrets
        )

        during = [
            is_authentic(channel, sender, delivery, *secrets)
            for delivery in (by_old, by_new)
            for secrets in ((old, new), (new, old))
        ]

        assert during == [True] * 4
        assert not is_authentic(channel, sender, by_foreign, old, new)
        assert not is_authentic(channel, sender, by_old, new)
        assert foreign not in (old, new)


class SignedBodyContract:
    """For a channel whose sender signs the body, beside `LeadChannelContract`."""

    def test_any_other_byte_spoils_the_signature(
        self, channel: LeadChannel, sender: Sender, body: bytes, signature: str, secret: str
    ) -> None:
        changed = [
            body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
            for place in range(len(body))
        ]
        changed += [b"", body[:-1], body[1:], body + b"\n", b" " + body, body * 2]

        assert not any(
            is_authentic(channel, sender, sender.signed(one, signature), secret) for one in changed
        )

    def test_the_same_json_written_otherwise_is_not_what_was_signed(
        self, channel: LeadChannel, sender: Sender, body: bytes, signature: str, secret: str
    ) -> None:
        for other in (json.dumps(json.loads(body)), json.dumps(json.loads(body), indent=1)):
            delivery = sender.signed(other.encode(), signature)
            assert not is_authentic(channel, sender, delivery, secret)
