"""How far a channel is connected, row by row."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

import pytest

from application.channels.inspect_channel import ChannelReport
from application.channels.show_channel import ChannelView
from domain.channel import ChannelEvent, ChannelSetting
from domain.errors import Advice, AdviceCode, StoreUnusable
from entrypoints.console.channels.checklist import Row, checklist
from tests.support.builders import NOW, a_project

CHALLENGE, DELIVERY, ITEM, BAD = ChannelEvent
LATER = NOW + timedelta(seconds=1)
STAMP = ChannelSetting(
    name="stamp", help="8 letters", at_most=2, secret=True, warning_when_unset="No stamp is set."
)
BOXES = ChannelSetting(name="boxes", help="numbers", at_most=99, recipients=True)
TOKEN = ChannelSetting(name="token", help="made", generated=True)
COLOR = ChannelSetting(name="color", help="one word")


def rows(
    settings: Mapping[ChannelSetting, tuple[str, ...]] | None = None,
    visible: Collection[str] = (),
    fault: StoreUnusable | None = None,
    **fields: Any,
) -> Mapping[str, Row]:
    chosen = {STAMP: (), BOXES: (), TOKEN: ("t",), COLOR: ()} if settings is None else settings
    view = ChannelView(
        channel="postcards", webhook_url="u", target="u", key_id="k", settings=chosen, fault=fault
    )
    usual: dict[str, Any] = {"view": view, "last": {}, "unlisted_numbers": {}, "checklist": ()}
    usual |= {"asks_challenge": True, "listed_by_others": {}}
    report = ChannelReport(**(usual | fields))
    return {row.title: row for row in checklist(report, "Postcards", visible)}


def said(row: Row) -> str:
    return " ".join(row.sentences)


def test_a_new_channel_has_a_row_for_each_thing_to_do() -> None:
    found = rows()

    assert {title: row.state for title, row in found.items()} == {
        "Webhook URL": "Not verified",
        "Stamp": "Not set",
        "Boxes": "All",
        "Deliveries": "None yet",
        "Leads": "None yet",
    }
    assert "Postcards has not asked for it yet" in said(found["Webhook URL"])
    assert said(found["Stamp"]) == "No stamp is set."
    assert [row.look for row in found.values()] == ["", "attention", "good", "", ""]


def test_a_channel_that_is_connected_has_nothing_to_do() -> None:
    found = rows(
        {STAMP: ("x",), BOXES: ("1", "2")}, last=dict.fromkeys((CHALLENGE, DELIVERY, ITEM), NOW)
    )

    states = [row.state for row in found.values()]
    assert states == ["Verified", "Set", "2 listed", "Received", "Received"]
    assert {row.look for row in found.values()} == {"good"}
    assert {row.sentences for row in found.values()} == {()}
    assert found["Deliveries"].moments == (("last delivery", NOW),)


def test_of_a_sender_that_asks_nothing_the_url_is_in_use_once_a_lead_came() -> None:
    before = rows(asks_challenge=False, last={DELIVERY: NOW})["Webhook URL"]  # of a test delivery
    after = rows(asks_challenge=False, last={DELIVERY: NOW, ITEM: NOW})["Webhook URL"]

    assert (before.state, after.state) == ("Not used yet", "In use")


def test_two_secrets_are_both_valid() -> None:
    assert rows({STAMP: ("x", "y")})["Stamp"].state == "Two are valid"


def test_a_secret_that_cannot_be_read_says_what_to_do() -> None:
    again = Advice(AdviceCode.SET_SECRET_AGAIN, {"channel": "postcards", "setting": "stamp"})
    fault = StoreUnusable("/path/of/the/key", Advice(AdviceCode.ADD_OLD_SECRET_KEY), again)
    row = rows({STAMP: ("x",)}, fault=fault)["Stamp"]

    assert (row.look, row.state) == ("wrong", "Not readable")
    assert "SWIFTCRM_SECRET_KEY" in said(row)
    assert "set the secret again below" in said(row)
    assert "/path" not in said(row)


def test_a_missing_value_that_matters_has_a_row_of_its_own() -> None:
    key = ChannelSetting(name="key", help="k", generated=True, warning_when_unset="All is refused.")

    assert said(rows({key: ()})["Key"]) == "All is refused."
    assert "Key" not in rows({key: ("k",)})


def test_numbers_that_wait_and_numbers_of_others_are_named() -> None:
    theirs, hidden = a_project(name="Theirs"), a_project(name="Hidden")
    row = rows(
        {BOXES: ("1", "2")},
        visible=[theirs.project_id],
        unlisted_numbers={"8": 3, "9": 1},
        listed_by_others={theirs: ["1"], hidden: ["2"]},
    )["Boxes"]

    assert row.look == "attention"
    assert "Held: 4, sent to numbers" in said(row)
    assert "The project Theirs lists 1 too." in said(row)
    assert "Another project lists 2 too." in said(row)
    assert "Hidden" not in said(row)


@pytest.mark.parametrize(("good", "is_wrong"), [(None, True), (NOW, True), (LATER, False)])
def test_a_wrong_signature_is_loud_until_a_right_one(good: Any, is_wrong: bool) -> None:
    bad = NOW + timedelta(microseconds=1)
    row = rows(last={BAD: bad} | ({DELIVERY: good} if good else {}))["Deliveries"]

    assert (row.look == "wrong") is is_wrong
    assert ("Compare them with those of Postcards" in said(row)) is is_wrong
    assert ("last wrong signature", bad) in row.moments


def test_deliveries_that_bring_nothing_are_told_from_none() -> None:
    row = rows(last={DELIVERY: NOW})["Leads"]

    assert (row.look, row.state) == ("attention", "None yet")
    assert "none has brought anything yet" in said(row)
