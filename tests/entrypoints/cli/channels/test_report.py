"""What is printed of a channel, whatever came through it."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from application.channels.inspect_channel import ChannelReport
from application.channels.show_channel import ChannelView
from domain.channel import ChannelEvent, ChannelSetting
from entrypoints.cli.channels.report import print_report
from tests.support.builders import NOW

URL = "https://leads.example.com/api/postcards/webhook?api_key=swk_1"
CHALLENGE, DELIVERY, ITEM, BAD = ChannelEvent
COLOR = ChannelSetting(name="color", help="one word")
CHECKLIST = ("Is it stamped?", "Is there\x1b[31m a letterbox?")

Capture = pytest.CaptureFixture[str]


def a_report(**fields: Any) -> ChannelReport:
    view = ChannelView(
        channel="postcards", webhook_url=URL, target=URL, key_id="key_1", settings={COLOR: ()}
    )
    usual: dict[str, Any] = {"view": view, "last": {}, "unlisted_numbers": None, "checklist": ()}
    usual |= {"asks_challenge": True, "listed_by_others": {}}
    return ChannelReport(**(usual | fields))


def as_json(report: ChannelReport, capsys: Capture) -> Any:
    print_report(report, as_json=True)
    return json.loads(capsys.readouterr().out)


def test_every_event_has_its_moment_or_none(capsys: Capture) -> None:
    shown = as_json(a_report(last={CHALLENGE: NOW, BAD: NOW + timedelta(seconds=1)}), capsys)

    assert list(shown) == ["webhook_url", "color", "key_id", *ChannelEvent]
    assert shown["last_challenge_at"] == "2026-11-23T12:00:00.123Z"
    assert shown["last_delivery_at"] is None
    assert shown["last_bad_signature_at"] == "2026-11-23T12:00:01.123Z"


def test_nothing_is_said_of_a_challenge_to_a_sender_that_asks_none(capsys: Capture) -> None:
    report = a_report(asks_challenge=False, checklist=CHECKLIST)
    shown = as_json(report, capsys)
    print_report(report, as_json=False)
    told = capsys.readouterr().out

    assert list(shown) == ["webhook_url", "color", "key_id", DELIVERY, ITEM, BAD]
    assert "challenge" not in told
    assert "verified" not in told
    assert "Is it stamped?" in told


def test_unlisted_numbers_are_there_where_numbers_can_be_listed(capsys: Capture) -> None:
    assert "unlisted_numbers" not in as_json(a_report(), capsys)
    assert as_json(a_report(unlisted_numbers={}), capsys)["unlisted_numbers"] == []


def test_the_numbers_with_most_held_come_first(capsys: Capture) -> None:
    report = a_report(unlisted_numbers={"106": 1, "107": 12, "105": 1})
    print_report(report, as_json=False)
    told = capsys.readouterr().out

    assert "107 (12 held), 105 (1 held), 106 (1 held)" in told
    assert as_json(report, capsys)["unlisted_numbers"] == [
        {"number": "107", "held": 12},
        {"number": "105", "held": 1},
        {"number": "106", "held": 1},
    ]


def test_of_many_and_long_unlisted_numbers_people_see_the_first_ten_cut(capsys: Capture) -> None:
    long = "9" * 100_000
    report = a_report(unlisted_numbers={long: 50} | {str(number): 1 for number in range(100, 112)})
    print_report(report, as_json=False)
    [line] = [line for line in capsys.readouterr().out.splitlines() if "unlisted" in line]

    assert f"{'9' * 39}… (50 held), 100 (1 held), " in line
    assert line.endswith("108 (1 held), and 3 more")
    assert as_json(report, capsys)["unlisted_numbers"][0] == {"number": long, "held": 50}


def test_the_checklist_is_numbered_and_for_people_alone(capsys: Capture) -> None:
    report = a_report(checklist=CHECKLIST)
    as_json(report, capsys)
    print_report(report, as_json=False)
    told = capsys.readouterr()

    assert told.out.splitlines()[-3:] == [
        "Nothing has arrived yet. If the address was verified and nothing comes:",
        "  1. Is it stamped?",
        "  2. Is there?[31m a letterbox?",
    ]
    assert told.err == ""


def test_deliveries_that_bring_nothing_are_told_from_none(capsys: Capture) -> None:
    print_report(a_report(last={DELIVERY: NOW}, checklist=CHECKLIST), as_json=False)

    assert "Deliveries arrive, and none has brought anything yet" in capsys.readouterr().out


@pytest.mark.parametrize(("good", "warned"), [(None, True), (NOW + timedelta(seconds=1), False)])
@pytest.mark.parametrize("is_json", [True, False])
def test_a_bad_signature_is_loud_until_a_good_one(
    capsys: Capture, good: datetime | None, warned: bool, is_json: bool
) -> None:
    last = {BAD: NOW} | ({DELIVERY: good} if good else {})
    print_report(a_report(last=last), as_json=is_json)

    assert ("signature" in capsys.readouterr().err) is warned
