"""What is held of an item: once, in order, and as much as it takes to make a lead of it."""

from dataclasses import replace
from typing import Any

import pytest

from application.held.hold import hold_capture, hold_unreadable, to_capture
from application.receive.keep_items import WebhookReceipt
from domain.capture import Capture
from domain.held import PLAN_LIMIT_REACHED, UNREADABLE
from domain.identity import Identity
from domain.lead import LeadDetails
from domain.project import Project
from entrypoints.container import Container
from tests.application.fakes import a_postcard
from tests.application.in_force import STAMPED, change, lists
from tests.application.kept import codes_of, held_by, messages_of
from tests.application.posting import Post, an_edit
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


@pytest.mark.parametrize("deliveries", [1, 2], ids=["in one delivery", "in two deliveries"])
async def test_an_edit_of_a_held_message_is_held_and_released_with_it(
    post: Post, container: Container, project: Project, deliveries: int
) -> None:
    await change(container, project, monthly_limit=0)
    items = [a_postcard("1", "m1"), an_edit("1", "e1")]
    receipts = [await post(*items)] if deliveries == 1 else [await post(one) for one in items]
    assert await codes_of(container, project) == [PLAN_LIMIT_REACHED] * 2
    assert (sum(r.held for r in receipts), sum(r.ignored for r in receipts)) == (2, 0)

    await change(container, project, monthly_limit=1)
    await container.release_for_plan()(project.project_id)

    assert await messages_of(container, project) == [["m1", "e1"]]
    assert await held_by(container, project) == []


async def test_any_name_of_the_person_will_do(
    post: Post, container: Container, project: Project
) -> None:
    await change(container, project, monthly_limit=0)
    other_name = Identity("user", "u1")
    await post(a_postcard("1", "m1", identities=(a_phone("1"), other_name)))

    receipt = await post(an_edit("1", "e1", identities=(other_name,)))

    assert receipt.held == 1


@pytest.mark.parametrize("limit", [0, None], ids=["full", "not full"])
async def test_an_edit_of_somebody_of_whom_nothing_waits_is_ignored(
    post: Post, container: Container, project: Project, limit: int | None
) -> None:
    await change(container, project, monthly_limit=0)
    await post(a_postcard("1", "m1"))
    await change(container, project, monthly_limit=limit)

    receipt = await post(an_edit("2", "e2"))

    assert receipt == WebhookReceipt(received=1, new_leads=0, duplicates=0, ignored=1, held=0)
    assert len(await held_by(container, project)) == 1


async def test_what_is_held_of_another_project_holds_no_edit_of_this_one(
    post: Post, container: Container, small: Project, project: Project
) -> None:
    await lists(container, small, ["4"])
    await lists(container, project, ["1"])
    await post(*(a_postcard(str(n), recipient="4") for n in range(2)), delivery=STAMPED)

    receipt = await post(an_edit("1", "e1", recipient="1"), delivery=STAMPED)

    assert (receipt.ignored, receipt.held) == (1, 0)


async def test_only_an_edit_of_nobody_costs_a_look_and_a_delivery_of_them_costs_one(
    post: Post, container: Container, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[tuple[str, ...]] = []
    persons = container.held_archive().persons

    async def counted(*about: str) -> Any:
        looks.append(about)
        return await persons(*about)

    monkeypatch.setattr(container.held_archive(), "persons", counted)
    await post(a_postcard("1", "m1"), an_edit("1", "e1"))
    await post(a_postcard("2", message=None, opens_lead=False))
    assert looks == []

    await post(*(an_edit(str(number), f"e{number}") for number in range(5, 9)))

    assert looks == [(project.project_id, "postcards", PLAN_LIMIT_REACHED)]
