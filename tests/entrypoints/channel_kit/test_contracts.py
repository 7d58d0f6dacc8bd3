"""The kit takes a good channel, and notices what is wrong with a bad one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta, timezone
from typing import Any

import pytest

from application.ports.lead_channel import Delivery, Inbound, LeadChannel, Reading, Unreadable
from domain.lead import Identity, LeadDetails
from domain.refusals import InvalidJson, SignatureMismatch
from entrypoints.channel_kit import (
    BatchContract,
    EndToEndContract,
    LeadChannelContract,
    NoChallengeContract,
    NoProofContract,
    OneItemContract,
    SecretHeaderContract,
    Sender,
)
from entrypoints.channel_kit.soundness import read
from tests.entrypoints.channel_kit.toys import Fair, FairChannel, OpenFair, OpenFairChannel
from tests.support.builders import NOW


class TestFairChannel(
    LeadChannelContract,
    SecretHeaderContract,
    OneItemContract,
    NoChallengeContract,
    EndToEndContract,
):
    word = "tests.entrypoints.channel_kit.toys:channel"

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


Change = Callable[[Inbound], Inbound | Unreadable]


def _reading(change: Change) -> type[FairChannel]:
    """A channel that reads otherwise."""

    class Changed(FairChannel):
        def read(self, delivery: Delivery) -> Reading:
            items = [
                change(item) if isinstance(item, Inbound) else item
                for item in super().read(delivery).items
            ]
            return Reading(items)

    return Changed


def _detailed(**details: Any) -> Change:
    return lambda item: replace(item, details=LeadDetails(**details))


def _said(**said: Any) -> Change:
    return lambda item: replace(item, message=replace(item.message, **said))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda item: replace(item, identities=(Identity("badge", ""),)), "is empty"),
        (lambda item: replace(item, identities=(Identity("badge", "a\0"),)), "NUL"),
        (_detailed(name="cut \ud83d"), "half a character"),
        (_detailed(attributes={"a\0": 1}), "NUL"),
        (_detailed(attributes={"a": [{"b": "\udc00"}]}), "half a character"),
        (_detailed(name=["Ada"]), "LeadDetails.name must be a str or None, and is a list"),
        (_detailed(phone=12025550147), "LeadDetails.phone must be a str or None, and is a int"),
        (_detailed(source_url={}), "LeadDetails.source_url must be a str"),
        (_said(raw='{"a":NaN}'), "NaN is no JSON"),
        (_said(text=5), "Message.text must be a str or None, and is a int"),
        (_said(sent_at=NOW.replace(tzinfo=None)), "give it its time zone"),
        (_said(sent_at=NOW.astimezone(timezone(timedelta(hours=2)))), "make it UTC"),
        (_said(message_id=""), "is empty"),
        (lambda _: Unreadable(raw="[Infinity]"), "Infinity is no JSON"),
    ],
)
def test_an_item_that_no_store_takes_is_noticed(change: Change, complaint: str) -> None:
    with pytest.raises(AssertionError, match=complaint):
        read(_reading(change)(), Fair().delivery(Fair().item(1)))


class _Careless(FairChannel):
    def authenticate(self, delivery: Delivery, settings: Any) -> None:
        if not delivery.headers.get("x-fair-token"):
            raise SignatureMismatch


class _Vain(FairChannel):
    def read(self, delivery: Delivery) -> Reading:
        found = super().read(delivery)
        return Reading([item for item in found.items if isinstance(item, Inbound)])


class _Fragile(FairChannel):
    def read(self, delivery: Delivery) -> Reading:
        found = super().read(delivery)
        if any(isinstance(item, Unreadable) for item in found.items):
            raise InvalidJson
        return found


class _Forgetful(FairChannel):
    def sample(self, settings: Any) -> Delivery:
        return super().sample({})


class _Monotonous(FairChannel):
    def sample(self, settings: Any) -> Delivery:
        return replace(super().sample(settings), body=b'{"visit":1,"badge":"sample"}')


CONTRACT = TestFairChannel()


@pytest.mark.parametrize(
    ("test", "channel", "more"),
    [
        (CONTRACT.test_an_odd_signature_is_a_wrong_one, _Careless, {"odd": "x"}),
        (CONTRACT.test_a_part_of_a_signature_is_none, _Careless, {}),
        (CONTRACT.test_nothing_vanishes, _Vain, None),
        (CONTRACT.test_nothing_vanishes, _Fragile, None),
        (CONTRACT.test_its_sample_is_authentic, _Forgetful, None),
        (CONTRACT.test_its_samples_are_one_persons_and_each_is_a_message_of_its_own, _Monotonous,
         None),
        (CONTRACT.test_what_a_person_sends_opens_a_lead_that_counts,
         _reading(lambda item: replace(item, counts=False)), None),
        (CONTRACT.test_it_inherits_the_port_so_that_nothing_can_be_forgotten, object, ...),
    ],
)  # fmt: skip
def test_a_channel_that_breaks_its_contract_is_noticed(
    test: Any, channel: type[FairChannel], more: Any
) -> None:
    subjects: dict[str, Any] = {"channel": channel()}
    if more is not ...:
        subjects["sender"] = Fair()
    if isinstance(more, dict):
        body = Fair().delivery(Fair().item(1)).body
        subjects |= {"body": body, "signature": "token_one", "secret": "token_one", **more}

    with pytest.raises((AssertionError, SignatureMismatch)):
        test(**subjects)


class _Undecided(LeadChannelContract, SecretHeaderContract, OneItemContract, BatchContract): ...


def test_a_contract_that_is_forgotten_or_of_the_other_kind_is_noticed() -> None:
    with pytest.raises(AssertionError, match="of each group one"):
        _Undecided().test_one_contract_of_each_group_is_kept()
