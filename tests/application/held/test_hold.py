"""What is held of an item: once, in order, and as much as it takes to make a lead of it."""

from dataclasses import replace

import pytest

from application.held.hold import hold_capture, hold_unreadable, to_capture
from domain.capture import Capture
from domain.held import PLAN_LIMIT_REACHED, UNREADABLE
from domain.identity import Identity
from domain.lead import LeadDetails
from domain.project import Project
from tests.support.builders import a_capture, a_message, a_phone, a_project

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


def test_a_message_that_comes_again_and_says_something_else_is_held_as_well() -> None:
    placeholder, content = (a_message("m1", raw=raw) for raw in ("{}", '{"text":"hello"}'))

    assert once(message=placeholder) != once(message=content)


def test_without_a_message_a_submission_is_held_once_by_its_identities_in_any_order() -> None:
    one, two = Identity("lead", "1"), Identity("lead", "2")

    assert once(identities=(one, two)) == once(identities=(two, one)) != once(identities=(one,))


def test_what_has_neither_is_held_each_time() -> None:
    assert once() != once()


def test_held_ids_sort_as_calls_came_and_items_were_read() -> None:
    ids = [
        hold_unreadable(a_held(capture_id=f"req_{call}.{number:05}"), "x").held_id
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

    moved = to_capture(call, "prj_2")

    assert to_capture(call) == capture
    assert (moved.project_id, moved.capture_id) == ("prj_2", capture.capture_id)


def test_what_could_be_read_of_an_unreadable_item_makes_its_lead_and_the_text_is_in_it() -> None:
    named = a_held(details=LeadDetails(name="Ada"), identities=(a_phone("12025550147"),))
    call = hold_unreadable(named, "the text")

    released = to_capture(call)

    assert (call.code, call.body) == (UNREADABLE, "the text")
    assert released.identities == named.identities
    assert released.details == LeadDetails(name="Ada", attributes={"unreadable": "the text"})


def test_a_message_that_could_be_read_has_the_text_itself() -> None:
    message = a_message("unreadable.1", raw="the text")
    call = hold_unreadable(a_held(message=message, details=LeadDetails(name="Ada")), "the text")

    released = to_capture(call)

    assert (released.message, released.details) == (message, LeadDetails(name="Ada"))
    assert [one.kind for one in released.identities] == ["unreadable"]


@pytest.mark.parametrize("details", [LeadDetails(), LeadDetails(name="\ud800")])
def test_of_what_cannot_be_read_at_all_the_text_makes_a_lead(details: LeadDetails) -> None:
    call = hold_unreadable(a_held(details=details), "the text")

    assert call.capture is None
    assert to_capture(call).details == LeadDetails(attributes={"unreadable": "the text"})


def test_what_becomes_unreadable_later_keeps_what_it_says_and_no_more() -> None:
    call = hold_capture(a_held(details=LeadDetails(name="Ada")), PLAN_LIMIT_REACHED)

    released = to_capture(replace(call, code=UNREADABLE))

    assert released.details == LeadDetails(name="Ada")
