"""What a channel gave against its contract is one item that cannot be read, with all it said."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from application.receive.check_items import checked
from domain.delivery import LONGEST_RECIPIENT, Inbound, Unreadable
from domain.identity import Identity
from entrypoints.channel_contract.json_values import nested
from tests.application.fakes import a_postcard
from tests.support.builders import NOW, a_message

LINK: Any = []
LINK.append(LINK)


class _Broken:
    def __repr__(self) -> str:
        raise ValueError


def test_what_is_sound_stays_with_its_texts_cut() -> None:
    item = a_postcard("1", "m1", name=" Ada ", phone="1" * 60, email="  ", attributes={"a": [1]})

    found = checked(item)

    assert isinstance(found, Inbound)
    assert found.details.present() == {"name": "Ada", "phone": "1" * 50, "attributes": {"a": [1]}}
    assert (found.identities, found.message) == (item.identities, item.message)


@pytest.mark.parametrize("make", [partial(a_postcard, "1", "m1"), partial(Unreadable, raw="{}")])
def test_an_recipient_that_nobody_can_list_is_cut_and_stays_one(
    make: Callable[..., Inbound | Unreadable],
) -> None:
    longest = "7" * LONGEST_RECIPIENT

    assert checked(make(recipient=longest)).recipient == longest
    assert checked(make(recipient=longest + "7" * 100_000)).recipient == longest + "…"


def test_the_recipient_of_what_breaks_the_contract_is_cut_too() -> None:
    item = a_postcard("1", "m1", recipient="7" * 100_000, name=5)

    assert len(checked(item).recipient or "") == LONGEST_RECIPIENT + 1


@pytest.mark.parametrize("odd", [["Ada"], 5, b"Ada", {"first": "Ada"}, True, NOW, _Broken])
@pytest.mark.parametrize("name", ["name", "email", "phone", "source_url", "referrer"])
def test_a_text_that_is_none_makes_its_item_unreadable(name: str, odd: Any) -> None:
    item = a_postcard("1", message=a_message("m1", raw='{"a": 1}'), recipient="7", **{name: odd})

    assert checked(item) == Unreadable(raw='{"a": 1}', recipient="7")


@pytest.mark.parametrize(
    "fields",
    [
        {"identities": (Identity("phone", 5),)},  # type: ignore[arg-type]
        {"identities": ("phone",)},
        {"message": a_message(5)},  # type: ignore[arg-type]
        {"message": a_message(text=["a"])},
        {"message": a_message(sent_at="2026-06-28")},
        {"message": "hello"},
        {"details": None},
        {"details": {"name": "Ada"}},
        {"attributes": None},
        {"attributes": {"at": NOW}},
        {"attributes": {"a": {1, 2}}},
        {"attributes": {"a": LINK}},
        {"attributes": {1: "a"}},
        {"attributes": {"a": [2**64]}},
        {"attributes": {"a": [{"b": -(2**63) - 1}]}},
        {"attributes": {"a": float("nan")}},
        {"attributes": {"a": nested(300)}},
        {"utm": "google"},
        {"page_trail": (1,)},
    ],
)
def test_whatever_else_is_of_another_type_makes_its_item_unreadable(fields: Any) -> None:
    assert isinstance(checked(a_postcard("1", **fields)), Unreadable)


@pytest.mark.parametrize("raw", [5, None, {"a": 1}])
def test_a_raw_that_is_no_text_is_kept_as_json(raw: Any) -> None:
    for item in (Unreadable(raw=raw), a_postcard("1", message=a_message("m1", raw=raw))):
        found = checked(item)

        assert isinstance(found, Unreadable)
        assert json.dumps(raw) in json.dumps(json.loads(found.raw))


def test_without_a_message_all_of_the_item_is_kept_as_json() -> None:
    item = Inbound(identities=a_postcard("1").identities, details=a_postcard("1", name=5).details)

    found = checked(item)

    assert isinstance(found, Unreadable)
    kept = json.loads(found.raw)
    assert kept["details"]["name"] == 5
    assert kept["identities"] == [{"kind": "phone", "value": "1"}]


@pytest.mark.parametrize("item", [None, "text", {}, object(), Unreadable, _Broken()])
def test_what_is_no_item_is_unreadable(item: Any) -> None:
    found = checked(item)

    assert isinstance(found, Unreadable)
    json.loads(found.raw)


@pytest.mark.parametrize("recipient", [5, ["7"], {}])
def test_an_recipient_that_is_no_text_is_none(recipient: Any) -> None:
    for item in (a_postcard("1", recipient=recipient), Unreadable(raw="1", recipient=recipient)):
        found = checked(item)

        assert isinstance(found, Unreadable)
        assert found.recipient is None


def test_the_defect_is_logged_without_what_the_person_wrote(
    caplog: pytest.LogCaptureFixture,
) -> None:
    checked(a_postcard("1", name=["Ada Lovelace"]))

    (record,) = caplog.records
    assert (record.message, record.levelname) == ("webhook.defect", "ERROR")
    assert record.exc_info is not None
    assert str(record.exc_info[1]) == "LeadDetails.name must be a str or None, and is a list"
    assert "Ada" not in caplog.text
