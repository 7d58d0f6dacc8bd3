"""The contract notices an item that no store takes."""

from dataclasses import replace
from datetime import timedelta, timezone
from typing import Any

import pytest

from domain.delivery import Unreadable
from domain.identity import Identity
from domain.lead import LeadDetails
from entrypoints.channel_contract.item_checks import read
from tests.entrypoints.channel_contract.toys import Change, Fair, reading
from tests.support.builders import NOW


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
        (_detailed(attributes={"id": 2**64}), "an integer beyond 64 bits"),
        (_detailed(attributes={"at": NOW}), "a datetime, which is not JSON"),
        (_said(raw='{"a":NaN}'), "NaN is not JSON"),
        (_said(text=5), "Message.text must be a str or None, and is a int"),
        (_said(sent_at=NOW.replace(tzinfo=None)), "give it its time zone"),
        (_said(sent_at=NOW.astimezone(timezone(timedelta(hours=2)))), "make it UTC"),
        (_said(message_id=""), "is empty"),
        (lambda _: Unreadable(raw="[Infinity]"), "Infinity is not JSON"),
    ],
)
def test_an_item_that_no_store_takes_is_noticed(change: Change, complaint: str) -> None:
    with pytest.raises(AssertionError, match=complaint):
        read(reading(change)(), Fair().delivery(Fair().item(1)))
