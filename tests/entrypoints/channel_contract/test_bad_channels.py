"""The contract notices what is wrong with a bad channel."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from domain.delivery import Delivery, Inbound, Reading, Unreadable
from domain.lead import LeadDetails
from domain.refusals import InvalidJson, SignatureMismatch
from tests.entrypoints.channel_contract.test_contracts import TestFairChannel as _FairChannelTests
from tests.entrypoints.channel_contract.toys import Fair, FairChannel, reading


class _Careless(FairChannel):
    def authenticate_head(self, head: Delivery, settings: Any) -> None: ...

    def authenticate(self, delivery: Delivery, settings: Any) -> None:
        if not delivery.headers.get("x-fair-token"):
            raise SignatureMismatch


class _Late(FairChannel):
    """Refuses only once the body has been read."""

    def authenticate_head(self, head: Delivery, settings: Any) -> None: ...

    def authenticate(self, delivery: Delivery, settings: Any) -> None:
        super().authenticate_head(delivery, settings)


class _Small(FairChannel):
    largest_body_bytes = 10


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


class _Deaf(FairChannel):
    def read(self, delivery: Delivery) -> Reading:
        found = super().read(delivery)
        return found if isinstance(found.items[0], Inbound) else Reading(ignored=1)


class _Unmarked(FairChannel):
    def read(self, delivery: Delivery) -> Reading:
        items = super().read(delivery).items
        return Reading([replace(item, details=LeadDetails()) for item in items])  # type: ignore[arg-type]


class _Shouting(FairChannel):
    def sample(self, settings: Any) -> Delivery:
        return replace(super().sample(settings), headers={"X-Fair-Token": ("token_one",)})


class _Bare(FairChannel):
    def sample(self, settings: Any) -> Delivery:
        return replace(super().sample(settings), headers={"x-fair-token": "token_one"})


CONTRACT = _FairChannelTests()


@pytest.mark.parametrize(
    ("test", "channel", "more"),
    [
        (CONTRACT.test_an_odd_signature_is_a_wrong_one, _Careless, {"odd": "x"}),
        (CONTRACT.test_a_part_of_a_signature_is_none, _Careless, {}),
        (CONTRACT.test_a_project_without_a_secret_takes_everything_or_refuses_it_before_its_body,
         _Late, "body"),
        (CONTRACT.test_its_sample_is_no_larger_than_what_it_says_its_sender_makes, _Small,
         "sample"),
        (CONTRACT.test_nothing_vanishes, _Vain, None),
        (CONTRACT.test_nothing_vanishes, _Fragile, None),
        (CONTRACT.test_its_sample_is_authentic, _Forgetful, None),
        (CONTRACT.test_its_samples_are_one_persons_and_each_is_a_message_of_its_own, _Monotonous,
         None),
        (CONTRACT.test_what_does_not_say_whose_it_is_is_kept_as_unreadable, _Deaf, None),
        (CONTRACT.test_its_sample_says_among_its_attributes_that_it_is_a_test, _Unmarked, "sample"),
        (CONTRACT.test_its_sample_is_as_the_host_hands_a_delivery_over, _Shouting, "alone"),
        (CONTRACT.test_its_sample_is_as_the_host_hands_a_delivery_over, _Bare, "alone"),
        (CONTRACT.test_what_a_person_sends_opens_a_lead_that_counts,
         reading(lambda item: replace(item, counts=False)), None),
        (CONTRACT.test_it_inherits_the_port_so_that_nothing_can_be_forgotten, object, ...),
    ],
)  # fmt: skip
def test_a_channel_that_breaks_its_contract_is_noticed(
    test: Any, channel: type[FairChannel], more: Any
) -> None:
    subjects: dict[str, Any] = {"channel": channel()}
    if more in ("sample", "alone"):
        subjects["sample"] = subjects["channel"].sample({"token": ("token_one",)})
    elif more is not ...:
        subjects["sender"] = Fair()
    if more == "body":
        subjects["body"] = b"{}"
    if more == "alone":
        del subjects["channel"]
    if isinstance(more, dict):
        body = Fair().delivery(Fair().item(1)).body
        subjects |= {"body": body, "signature": "token_one", "secret": "token_one", **more}

    with pytest.raises((AssertionError, SignatureMismatch, pytest.fail.Exception)):
        test(**subjects)


class _Trusting(FairChannel):
    def authenticate_head(self, head: Delivery, settings: Any) -> None: ...

    def authenticate(self, delivery: Delivery, settings: Any) -> None: ...


@pytest.mark.parametrize(
    ("test", "more", "taken", "unless"),
    [
        (CONTRACT.test_a_delivery_without_a_signature_is_not_authentic, {},
         "a delivery without x-fair-token", "x-fair-token is there once, and right"),
        (CONTRACT.test_a_body_that_nobody_can_read_is_not_authentic_by_itself, None,
         "a body that proves nothing (b'')", "x-fair-token is there and right"),
        (CONTRACT.test_an_odd_signature_is_a_wrong_one, {"signature": "token_one", "odd": "x"},
         "x-fair-token with 'x' in place of the right value", "the whole of it is right"),
        (CONTRACT.test_a_part_of_a_signature_is_none, {"signature": "token_one"},
         "x-fair-token with a part of the right value ('')", "the whole of it is right"),
        (CONTRACT.test_a_signature_under_another_name_is_none, {"signature": "token_one"},
         "the right signature in another header", "it is in x-fair-token"),
        (CONTRACT.test_two_signatures_are_one_too_many, {"signature": "token_one"},
         "a delivery with x-fair-token twice", "x-fair-token is there once"),
    ],
)  # fmt: skip
def test_what_is_taken_without_a_proof_is_named_with_what_to_do(
    test: Any, more: Any, taken: str, unless: str
) -> None:
    body = {} if more is None else {"body": b"{}"} | more

    with pytest.raises(AssertionError) as failed:
        test(channel=_Trusting(), sender=Fair(), secret="token_one", **body)

    assert str(failed.value).startswith(
        f"{taken} is taken although the project has a secret: raise SignatureMismatch unless"
        f" {unless}"
    )


def test_what_is_wrong_with_a_declaration_is_said_once(tmp_path: Path) -> None:
    (tmp_path / "test_wrong.py").write_text(_WRONGLY_DECLARED)

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert re.search(r"\n1 failed, \d+ skipped", done.stdout), done.stdout
    assert "a channel cannot be called 'rest'" in done.stdout


_WRONGLY_DECLARED = """
from tests.entrypoints.channel_contract import test_contracts as contracts
from tests.entrypoints.channel_contract.toys import OpenFairChannel

class Wrong(OpenFairChannel):
    name = "rest"

class TestWrong(contracts.TestOpenFairChannel):
    @contracts.pytest.fixture
    def channel(self):
        return Wrong()
"""
