"""What is held of an item: once, in order, and as much as it takes to make a lead of it."""

import pytest

from application.holding import capture_of, hold_capture, hold_raw
from application.ports.lead_ledger import Capture
from domain.held import PLAN_LIMIT_REACHED, UNREADABLE
from domain.lead import Identity, LeadDetails
from domain.project import Project
from tests.support.builders import NOW, a_capture, a_message, a_phone, a_project

PROJECT = a_project()


def a_held(project: Project = PROJECT, **fields) -> Capture:
    return a_capture(project, channel="postcards", **fields)


def once(**fields) -> str:
    return hold_capture(a_held(**fields), PLAN_LIMIT_REACHED).once


def test_a_message_is_held_once_by_its_id() -> None:
    same = [
        once(message=a_message("m1")),
        once(message=a_message("m1"), identities=(a_phone("1"),)),
    ]

    assert same[0] == same[1] != once(message=a_message("m2"))


def test_without_a_message_a_submission_is_held_once_by_its_identities_in_any_order() -> None:
    one, two = Identity("lead", "1"), Identity("lead", "2")

    assert once(identities=(one, two)) == once(identities=(two, one)) != once(identities=(one,))


def test_what_has_neither_is_held_each_time() -> None:
    assert once() != once()


def test_held_ids_sort_as_calls_came_and_items_were_read() -> None:
    ids = [
        hold_raw(
            "x",
            item_id=f"req_{call}.{number:05}",
            project_id="p",
            channel="c",
            at=NOW,
            request_id=f"req_{call}",
            origin=None,
        ).held_id
        for call in ("01a", "01b")
        for number in (0, 9, 10, 10_000)
    ]

    assert ids == sorted(ids)


@pytest.mark.parametrize(
    "fields",
    [
        {"message": a_message("m", raw="\ud800")},
        {"message": a_message("\ud800")},
        {"identities": (a_phone("\ud800"),)},
        {"details": LeadDetails(name="\ud800")},
        {"details": LeadDetails(attributes={"a": float("nan")})},
    ],
    ids=["raw", "message id", "identity", "name", "attribute"],
)
def test_what_no_store_could_take_is_held_as_unreadable_and_can_be_stored(fields) -> None:
    call = hold_capture(a_held(**fields), PLAN_LIMIT_REACHED, origin="\ud800")

    assert (call.code, call.capture) == (UNREADABLE, None)
    assert f"{call}".encode()


def test_in_another_project_it_is_the_same_capture() -> None:
    capture = a_held(message=a_message())
    call = hold_capture(capture, PLAN_LIMIT_REACHED)

    moved = capture_of(call, "prj_2")

    assert capture_of(call) == capture
    assert (moved.project_id, moved.capture_id) == ("prj_2", capture.capture_id)
