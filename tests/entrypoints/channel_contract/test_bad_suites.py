"""The contract notices a suite whose sender or contracts prove too little."""

import base64

import pytest

from adapters.whatsapp import WhatsAppChannel
from application.ports.lead_channel import LeadChannel
from domain.delivery import Delivery
from entrypoints.channel_contract import (
    BatchContract,
    LeadChannelContract,
    OneItemContract,
    SecretHeaderContract,
    Sender,
    SignedBodyContract,
    openssl_hmac,
)
from tests.adapters.whatsapp.deliveries.deliveries import Meta
from tests.entrypoints.channel_contract.toys import StampedFair, StampedFairChannel

HEX_OF_EMPTY_OBJECT = "b326604c0dc7364c8b688556189c0a510e5150cd4628736be814c7c9898f899d"


class _Unrecorded(Meta):
    recorded = None


class _Unprefixed(Meta):
    """Its service signs as the channel does not: in hex alone."""

    recorded = Delivery(b"{}", {"x-hub-signature-256": (HEX_OF_EMPTY_OBJECT,)})


class _OnceRecorded(StampedFair):
    """Its service's signature is right, and from a day on which this test does not run."""

    def __init__(self) -> None:
        super().__init__()
        self.sent_at = "1719586821"
        self.recorded = self.signed(b"{}", self.signature(b"{}", self.secrets[0]))


class _WronglySigned(StampedFair):
    """Its service signs with the secret's text, and the channel with what it is the base64 of."""

    def __init__(self) -> None:
        super().__init__()
        made = openssl_hmac(f"msg_1.{self.sent_at}.{{}}".encode(), self.secrets[0])
        self.recorded = self.signed(b"{}", f"v1,{base64.b64encode(made).decode()}")


@pytest.mark.parametrize(
    ("channel", "sender", "complaint"),
    [
        (WhatsAppChannel, _Unrecorded, "openssl"),
        (WhatsAppChannel, _Unprefixed, "^Sender.recorded is refused: the channel does not sign as"),
        (StampedFairChannel, _OnceRecorded, "it is from 2024-06-28T15:00:21"),
        (StampedFairChannel, _WronglySigned, "^Sender.recorded is refused: the channel does not"),
    ],
)
def test_a_signature_that_only_the_channel_itself_proves_is_noticed(
    channel: type[LeadChannel], sender: type[Sender], complaint: str
) -> None:
    test = SignedBodyContract().test_a_signature_that_was_made_elsewhere_is_authentic

    with pytest.raises(AssertionError, match=complaint):
        test(channel(), sender(), sender.secrets[0])


class _Undecided(LeadChannelContract, SecretHeaderContract, OneItemContract, BatchContract): ...


def test_a_contract_that_is_forgotten_or_of_the_other_kind_is_noticed() -> None:
    with pytest.raises(AssertionError, match="of each group one"):
        _Undecided().test_one_contract_of_each_group_is_kept()
