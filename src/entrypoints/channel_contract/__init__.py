"""
The contract of a lead channel as tests: subclass them and your channel is proven.

    pip install 'swiftcrm-lead-api[contract]'

It is an entrypoint: a test is one more way into the program, from outside, as HTTP and the
command line are. It drives a channel through its port, asks the same rules as the boot does
(`entrypoints.channels.rules`), and runs the whole program as an operator would. Adapters may
not do that, and nothing that serves imports it: pytest and Hypothesis are needed here alone.

    class TestMyChannel(LeadChannelContract, SecretHeaderContract, OneItemContract,
                        NoChallengeContract, EndToEndContract):
        word = "my_package:channel"

        @pytest.fixture
        def channel(self) -> LeadChannel:
            return my_package.channel()

        @pytest.fixture
        def sender(self) -> Sender:
            return MySender()

`docs/adding-a-channel.md` in the repository goes through all of it.
"""

try:
    import pytest
except ModuleNotFoundError as error:
    raise ImportError(
        f"{error.name} is missing: pip install 'swiftcrm-lead-api[contract]'", name=error.name
    ) from error

_WITH_ASSERTS = (
    "authentication",
    "end_to_end",
    "items",
    "lead_channel",
    "reading",
    "sample",
    "service",
    "item_checks",
    "recorded",
)
# Before they are imported: so a failing assert shows its values outside this repository, too.
pytest.register_assert_rewrite(*(f"{__name__}.{name}" for name in _WITH_ASSERTS))

from entrypoints.channel_contract.authentication import (  # noqa: E402  see above
    NoProofContract,
    SecretHeaderContract,
    SecretMemberContract,
    SignedBodyContract,
)
from entrypoints.channel_contract.end_to_end import EndToEndContract  # noqa: E402
from entrypoints.channel_contract.items import BatchContract, OneItemContract  # noqa: E402
from entrypoints.channel_contract.lead_channel import (  # noqa: E402
    ChallengeContract,
    LeadChannelContract,
    NoChallengeContract,
)
from entrypoints.channel_contract.recorded import openssl_hmac  # noqa: E402
from entrypoints.channel_contract.sender import (  # noqa: E402
    Challenge,
    SecretHeaderSender,
    SecretMemberSender,
    Sender,
)
from entrypoints.channel_contract.service import Service, serving  # noqa: E402

__all__ = [
    "BatchContract",
    "Challenge",
    "ChallengeContract",
    "EndToEndContract",
    "LeadChannelContract",
    "NoChallengeContract",
    "NoProofContract",
    "OneItemContract",
    "SecretHeaderContract",
    "SecretHeaderSender",
    "SecretMemberContract",
    "SecretMemberSender",
    "Sender",
    "Service",
    "SignedBodyContract",
    "openssl_hmac",
    "serving",
]
