"""
A delivery is the sender's, or nothing of it is read.

A contract for each kind of proof: a secret in a header, a signature of the body, a secret in the
body, and none at all.
"""

import json
from dataclasses import replace
from typing import Any

import pytest

from application.ports.lead_channel import LeadChannel
from domain.delivery import Delivery
from domain.refusals import SignatureMismatch
from entrypoints.channel_contract.json_values import json_bytes
from entrypoints.channel_contract.recorded import NOT_RECORDED, why_refused
from entrypoints.channel_contract.sender import SecretMemberSender, Sender

WHOLE = "the whole of it is right, compared as bytes with hmac.compare_digest"
AS_IT_CAME = (
    "it is the signature of delivery.body as it came, not of JSON that was parsed and written again"
)
SHOWN_CHARACTERS = 60


def is_authentic(channel: LeadChannel, sender: Sender, delivery: Delivery, *secrets: str) -> bool:
    """Whether a project with these secrets takes *delivery*: its head first, as the host does."""
    settings = sender.settings(*secrets)
    try:
        channel.authenticate_head(replace(delivery, body=b""), settings)
        channel.authenticate(delivery, settings)
    except SignatureMismatch:
        return False
    return True


def taken(what: str, unless: str) -> str:
    """For a test that fails: *what* a channel takes, and what it has to refuse it for."""
    return (
        f"{what} is taken although the project has a secret:"
        f" raise SignatureMismatch unless {unless}"
    )


def refused(what: str, do: str) -> str:
    """For a test that fails: *what* a channel refuses, and what to *do*."""
    return f"{what} is refused with SignatureMismatch: {do}"


def place_of_proof(sender: Sender) -> str:
    """Where *sender* puts its proof, for people."""
    if isinstance(sender, SecretMemberSender):
        return sender.secret_member
    return sender.signature_header or "a signature"


def shown(value: str | bytes) -> str:
    """*value* for people, who do not want to see a million characters of it."""
    more = "…" if len(value) > SHOWN_CHARACTERS else ""
    return ascii(value[:SHOWN_CHARACTERS]) + more


class ProofContract:
    """What the three ways to prove a delivery have in common."""

    @pytest.fixture
    def body(self, sender: Sender) -> bytes:
        """Text that JSON writers escape differently, where the sender lets it in."""
        return json_bytes(sender.payload(sender.item(1), {"text": "/ @ % < é 🙂 \\ "}))

    @pytest.fixture
    def secret(self, sender: Sender) -> str:
        """The project's one secret."""
        return sender.secrets[0]

    @pytest.fixture
    def signature(self, sender: Sender, body: bytes, secret: str) -> str:
        """The right one."""
        return sender.signature(body, secret)

    def test_a_delivery_as_the_sender_sent_it_is_authentic(
        self, channel: LeadChannel, sender: Sender, body: bytes, signature: str, secret: str
    ) -> None:
        assert is_authentic(channel, sender, sender.signed(body, signature), secret), refused(
            "what Sender.signed makes with the right signature",
            "look where Sender.signed puts it, and sign as Sender.signature does",
        )

    def test_a_project_without_a_secret_takes_everything_or_refuses_it_before_its_body(
        self, channel: LeadChannel, sender: Sender, body: bytes
    ) -> None:
        delivery = sender.unsigned(body)
        if is_authentic(channel, sender, delivery):
            return

        try:
            channel.authenticate_head(replace(delivery, body=b""), sender.settings())
        except SignatureMismatch:
            return
        pytest.fail(
            "a project without a secret refuses a delivery, but only when its body has been"
            " received: raise SignatureMismatch in authenticate_head already"
        )

    def test_a_delivery_without_a_signature_is_not_authentic(
        self, channel: LeadChannel, sender: Sender, body: bytes, secret: str
    ) -> None:
        for delivery in (sender.unsigned(body), sender.signed(body)):
            place = place_of_proof(sender)
            assert not is_authentic(channel, sender, delivery, secret), taken(
                f"a delivery without {place}", f"{place} is there once, and right"
            )

    def test_a_body_that_nobody_can_read_is_not_authentic_by_itself(
        self, channel: LeadChannel, sender: Sender, secret: str
    ) -> None:
        for body in (b"", b"{", b"[]", b"\xff\x00\xfe", b"[" * 10**5):
            assert not is_authentic(channel, sender, sender.unsigned(body), secret), taken(
                f"a body that proves nothing ({shown(body)})",
                f"{place_of_proof(sender)} is there and right, also where there is no JSON",
            )

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
            if text.strip(" ") != signature:  # HTTP takes off the blanks around a header's value
                assert not is_authentic(channel, sender, sender.signed(body, text), secret), taken(
                    f"{place_of_proof(sender)} with {shown(text)} in place of the right value",
                    WHOLE,
                )

    def test_a_part_of_a_signature_is_none(
        self, channel: LeadChannel, sender: Sender, body: bytes, signature: str, secret: str
    ) -> None:
        parts = [signature[:length] for length in range(len(signature))]
        parts += [signature[start:] for start in range(1, len(signature))]

        for part in parts:
            assert not is_authentic(channel, sender, sender.signed(body, part), secret), taken(
                f"{place_of_proof(sender)} with a part of the right value ({shown(part)})", WHOLE
            )

    def test_during_a_rotation_either_secret_will_do_and_afterwards_the_new_one_alone(
        self, channel: LeadChannel, sender: Sender, body: bytes
    ) -> None:
        assert len(set(sender.secrets)) == 3, "Sender.secrets must be three different ones"
        old, new, _ = sender.secrets
        by_old, by_new, by_foreign = (
            sender.signed(body, sender.signature(body, secret)) for secret in sender.secrets
        )
        both = "a delivery by either of a project's two secrets"
        ours = "it is made with one of the secrets that the project has now"

        for secrets in ((old, new), (new, old)):
            for delivery in (by_old, by_new):
                assert is_authentic(channel, sender, delivery, *secrets), refused(
                    both, "try each of the secrets"
                )
        assert not is_authentic(channel, sender, by_foreign, old, new), taken(
            "a delivery by another project's secret", ours
        )
        assert not is_authentic(channel, sender, by_old, new), taken(
            "a delivery by the old secret, after its rotation,", ours
        )

    def test_its_secrets_can_be_given(self, channel: LeadChannel, sender: Sender) -> None:
        declared = {setting.name: setting for setting in channel.settings}

        for name, values in sender.settings(*sender.secrets[:2]).items():
            assert name in declared, f"Sender.settings names {name}, which is no setting of it"
            setting = declared[name]
            assert setting.secret or setting.generated, (
                f"the setting {name} proves the sender: declare it secret=True, or generated=True"
                " where the operator gives it to the sender"
            )
            assert setting.at_most >= 2, f"the setting {name} needs at_most=2, for a rotation"
            for value in values:
                assert setting.takes(value), f"the pattern of {name} refuses a real secret: {value}"

    def test_what_it_means_to_have_no_secret_is_said_loudly(
        self, channel: LeadChannel, sender: Sender
    ) -> None:
        names = sender.settings(sender.secrets[0])

        assert any(s.warning_when_unset for s in channel.settings if s.name in names), (
            f"a setting of {', '.join(names)} needs warning_when_unset: without a secret a project"
            " takes forgeries, or nothing at all"
        )


class SecretHeaderContract(ProofContract):
    """For a channel whose sender proves itself in one header."""

    def test_bytes_that_are_no_text_can_be_signed(
        self, channel: LeadChannel, sender: Sender, secret: str
    ) -> None:
        for body in (b"", b"\xff\x00\xfe"):
            assert is_authentic(
                channel, sender, sender.signed(body, sender.signature(body, secret)), secret
            ), refused(
                f"a signed body that is no JSON ({shown(body)})",
                "prove bytes in authenticate, and judge them in read",
            )

    def test_a_signature_under_another_name_is_none(
        self, channel: LeadChannel, sender: Sender, body: bytes, signature: str, secret: str
    ) -> None:
        assert not is_authentic(
            channel,
            sender,
            Delivery(body, {"x-signature-": (signature,), "authorization": (signature,)}),
            secret,
        ), taken("the right signature in another header", f"it is in {place_of_proof(sender)}")

    def test_two_signatures_are_one_too_many(
        self, channel: LeadChannel, sender: Sender, body: bytes, signature: str, secret: str
    ) -> None:
        other = sender.signature(body, sender.secrets[1])

        for signatures in ((signature, signature), (signature, other), (other, signature)):
            place = place_of_proof(sender)
            assert not is_authentic(channel, sender, sender.signed(body, *signatures), secret), (
                taken(
                    f"a delivery with {place} twice",
                    f"{place} is there once: of two, one may be forged",
                )
            )


class SignedBodyContract(SecretHeaderContract):
    """For a channel whose sender signs the body and sends the signature in a header."""

    def test_a_signature_that_was_made_elsewhere_is_authentic(
        self, channel: LeadChannel, sender: Sender, secret: str
    ) -> None:
        assert sender.recorded is not None, NOT_RECORDED
        assert is_authentic(channel, sender, sender.recorded, secret), why_refused(sender.recorded)
        assert not is_authentic(channel, sender, sender.recorded, sender.secrets[1]), taken(
            "Sender.recorded, which is signed with another secret,",
            "it is signed with the project's own",
        )

    def test_any_other_byte_spoils_the_signature(
        self, channel: LeadChannel, sender: Sender, body: bytes, signature: str, secret: str
    ) -> None:
        changed = [
            body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
            for place in range(len(body))
        ]
        changed += [b"", body[:-1], body[1:], body + b"\n", b" " + body, body * 2]

        for one in changed:
            assert not is_authentic(channel, sender, sender.signed(one, signature), secret), taken(
                "another body with the signature of this one", AS_IT_CAME
            )

    def test_the_same_json_written_otherwise_is_not_what_was_signed(
        self, channel: LeadChannel, sender: Sender, body: bytes, signature: str, secret: str
    ) -> None:
        for other in (json.dumps(json.loads(body)), json.dumps(json.loads(body), indent=1)):
            assert not is_authentic(
                channel, sender, sender.signed(other.encode(), signature), secret
            ), taken("the same JSON in other bytes, with the signature of the first,", AS_IT_CAME)


class SecretMemberContract(ProofContract):
    """For a channel whose sender sends a shared secret in the body."""

    @pytest.mark.parametrize("wrap", [list, lambda secret: {"$ne": secret}, lambda _: None, len])
    def test_a_secret_of_another_type_is_none(
        self, channel: LeadChannel, sender: SecretMemberSender, body: bytes, secret: str, wrap: Any
    ) -> None:
        member = sender.secret_member
        payload = json.loads(body) | {member: wrap([secret])}

        assert not is_authentic(channel, sender, sender.unsigned(json_bytes(payload)), secret), (
            taken(f"{member} as {payload[member]!r}", f"{member} is a text, and the right one")
        )

    def test_a_secret_elsewhere_is_none(
        self, channel: LeadChannel, sender: SecretMemberSender, body: bytes, secret: str
    ) -> None:
        name = sender.secret_member
        for odd in ({f"{name}_": secret}, {"inner": {name: secret}}, {secret: name}):
            payload = json_bytes(json.loads(body) | odd)
            assert not is_authentic(
                channel,
                sender,
                Delivery(payload, {name.replace("_", "-"): (secret,)}, {name: (secret,)}),
                secret,
            ), taken(
                "the secret in another place", f"it is the member {name} of the body's top object"
            )

    def test_the_secret_is_not_kept(self, channel: LeadChannel, sender: Sender) -> None:
        delivery = sender.proven(sender.item(1))

        assert sender.secrets[0] in delivery.body.decode(), "Sender.signed puts it into the body"
        assert sender.secrets[0] not in repr(channel.read(delivery)), (
            "an item has the secret in it: take it out of raw and of the details"
        )

    def test_the_secret_is_not_kept_of_what_cannot_be_read(
        self, channel: LeadChannel, sender: Sender
    ) -> None:
        assert sender.secrets[0] not in repr(channel.read(sender.proven())), (
            "what is Unreadable has the secret in it: take it out of raw"
        )


class NoProofContract:
    """For a channel whose sender proves nothing: the key in the webhook's URL is all there is."""

    def test_every_delivery_is_taken(self, channel: LeadChannel, sender: Sender) -> None:
        assert is_authentic(channel, sender, sender.delivery(sender.item(1))), refused(
            "a delivery without a proof",
            "take the contract of the proof that the channel asks for, not NoProofContract",
        )

    def test_it_asks_for_no_secret(self, channel: LeadChannel) -> None:
        assert not [s.name for s in channel.settings if s.secret], (
            "it has a secret setting: take the contract of what that proves, not NoProofContract"
        )
