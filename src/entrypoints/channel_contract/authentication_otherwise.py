"""A secret that stands in the body, or none at all."""

import json
from typing import Any

import pytest

from application.ports.lead_channel import Delivery, LeadChannel
from entrypoints.channel_contract.authentication import ProofContract, is_authentic
from entrypoints.channel_contract.json_values import json_bytes
from entrypoints.channel_contract.sender import SecretMemberSender, Sender


class SecretMemberContract(ProofContract):
    """For a channel whose sender sends a shared secret in the body."""

    @pytest.mark.parametrize("wrap", [list, lambda secret: {"$ne": secret}, lambda _: None, len])
    def test_a_secret_of_another_type_is_none(
        self, channel: LeadChannel, sender: SecretMemberSender, body: bytes, secret: str, wrap: Any
    ) -> None:
        payload = json.loads(body) | {sender.secret_member: wrap([secret])}

        assert not is_authentic(channel, sender, sender.unsigned(json_bytes(payload)), secret)

    def test_a_secret_elsewhere_is_none(
        self, channel: LeadChannel, sender: SecretMemberSender, body: bytes, secret: str
    ) -> None:
        name = sender.secret_member
        for odd in ({f"{name}_": secret}, {"inner": {name: secret}}, {secret: name}):
            payload = json_bytes(json.loads(body) | odd)
            delivery = Delivery(payload, {name.replace("_", "-"): (secret,)}, {name: (secret,)})
            assert not is_authentic(channel, sender, delivery, secret)

    def test_the_secret_is_not_kept(self, channel: LeadChannel, sender: Sender) -> None:
        delivery = sender.proven(sender.item(1))

        assert sender.secrets[0] in delivery.body.decode()
        assert sender.secrets[0] not in repr(channel.read(delivery))

    def test_the_secret_is_not_kept_of_what_cannot_be_read(
        self, channel: LeadChannel, sender: Sender
    ) -> None:
        assert sender.secrets[0] not in repr(channel.read(sender.proven()))


class NoProofContract:
    """For a channel whose sender proves nothing: the key in the webhook's URL is all there is."""

    def test_every_delivery_is_taken(self, channel: LeadChannel, sender: Sender) -> None:
        channel.authenticate(sender.delivery(sender.item(1)), sender.settings())

    def test_it_asks_for_no_secret(self, channel: LeadChannel) -> None:
        assert not [s.name for s in channel.settings if s.secret], "a secret proves something"
