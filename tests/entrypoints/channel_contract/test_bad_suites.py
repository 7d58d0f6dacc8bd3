"""The contract notices a suite whose sender or contracts prove too little."""

import pytest

from adapters.whatsapp import WhatsAppChannel
from domain.delivery import Delivery
from entrypoints.channel_contract import (
    BatchContract,
    LeadChannelContract,
    OneItemContract,
    SecretHeaderContract,
    SignedBodyContract,
)
from tests.adapters.whatsapp.deliveries.deliveries import Meta

HEX_OF_EMPTY_OBJECT = "b326604c0dc7364c8b688556189c0a510e5150cd4628736be814c7c9898f899d"


class _Unrecorded(Meta):
    recorded = None


class _Unprefixed(Meta):
    """Its service signs as the channel does not: in hex alone."""

    recorded = Delivery(b"{}", {"x-hub-signature-256": (HEX_OF_EMPTY_OBJECT,)})


@pytest.mark.parametrize(
    ("sender", "complaint"), [(_Unrecorded, "openssl"), (_Unprefixed, "not sign as the sender")]
)
def test_a_signature_that_only_the_channel_itself_proves_is_noticed(
    sender: type[Meta], complaint: str
) -> None:
    test = SignedBodyContract().test_a_signature_that_was_made_elsewhere_is_authentic

    with pytest.raises(AssertionError, match=complaint):
        test(WhatsAppChannel(), sender(), sender.secrets[0])


class _Undecided(LeadChannelContract, SecretHeaderContract, OneItemContract, BatchContract): ...


def test_a_contract_that_is_forgotten_or_of_the_other_kind_is_noticed() -> None:
    with pytest.raises(AssertionError, match="of each group one"):
        _Undecided().test_one_contract_of_each_group_is_kept()
