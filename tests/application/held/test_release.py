"""What an operator releases becomes leads, as far as there are places."""

from dataclasses import replace

import pytest

from application.held.release import PAGE, ReleaseCount
from application.held.release_for_plan import LOOK_AT_ALL_EVERY_SECONDS
from domain.capture import Capture, NotKept, NotKeptBecause, Outcome
from domain.delivery import Unreadable
from domain.errors import StorageUnavailable
from domain.held import NUMBER_NOT_LISTED, PLAN_LIMIT_REACHED, UNREADABLE, HeldQuery
from domain.project import Project
from domain.refusals import Overloaded
from entrypoints.container import Container
from tests.application.fakes import POISON, a_postcard
from tests.application.in_force import STAMPED, change, lists
from tests.application.kept import codes_of, held_by, leads_of, messages_of
from tests.application.posting import Post, an_edit
from tests.support.clocks import StillClock


async def test_what_could_not_be_read_becomes_a_lead_with_the_text_among_its_attributes(
    post: Post, container: Container, project: Project, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    await post(Unreadable(raw='{"odd": 1}'), request_id="req_1")
    (call,) = await held_by(container, project)

    count = await container.release_held()(HeldQuery(project_id=project.project_id))

    (lead,) = await leads_of(container, project)
    assert count == ReleaseCount(released=1, still_held=0)
    assert lead.details.present() == {"attributes": {"unreadable": '{"odd": 1}'}}
    assert (lead.request_id, lead.captured_at, lead.channel) == ("req_1", call.at, "postcards")
    assert await held_by(container, project) == []
    assert caplog.messages == [f"held.released {project.project_id} 1"]


async def test_what_could_not_be_read_and_comes_again_after_its_release_makes_no_second_lead(
    post: Post, container: Container, project: Project
) -> None:
    for _ in range(2):
        await post(Unreadable(raw='{"odd": 1}'))
        await container.release_held()(HeldQuery(project_id=project.project_id))

    assert len(await leads_of(container, project)) == 1


async def test_what_has_no_place_waits_on(
    post: Post, container: Container, project: Project
) -> None:
    await change(container, project, monthly_limit=0)
    await post(a_postcard("1"), Unreadable(raw="1"))
    await change(container, project, monthly_limit=1)

    count = await container.release_held()(HeldQuery(project_id=project.project_id))

    assert count == ReleaseCount(released=1, still_held=1)
    assert [call.code for call in await held_by(container, project)] == [UNREADABLE]


async def test_only_what_was_asked_for_is_released(
    post: Post, container: Container, project: Project
) -> None:
    await post(*(Unreadable(raw=str(number)) for number in range(4)))
    calls = await held_by(container, project)
    wanted = [calls[1].held_id, calls[3].held_id]

    count = await container.release_held()(
        HeldQuery(project_id=project.project_id, held_ids=wanted)
    )

    assert count == ReleaseCount(released=2, still_held=0)
    assert [call.body for call in await held_by(container, project)] == ["0", "2"]


async def test_many_are_released_page_by_page(
    post: Post, container: Container, project: Project
) -> None:
    await change(container, project, monthly_limit=0)
    many = PAGE + 2
    await post(*(a_postcard(str(number), f"m{number}") for number in range(many)))
    await change(container, project, monthly_limit=None)

    count = await container.release_held()(
        HeldQuery(project_id=project.project_id, code=PLAN_LIMIT_REACHED)
    )

    assert count == ReleaseCount(released=many, still_held=0)
    ids = [lead.messages[0].message_id for lead in await leads_of(container, project)]
    assert ids == [f"m{number}" for number in range(many)]


async def test_one_that_meets_a_defect_does_not_keep_the_others_from_being_released(
    post: Post, container: Container, project: Project
) -> None:
    await change(container, project, monthly_limit=0)
    await post(a_postcard("1"), a_postcard("2"), a_postcard("3"))
    await change(container, project, monthly_limit=None)
    (_, second, _) = await held_by(container, project)

    async def prepare(call):
        if call.held_id == second.held_id:
            return replace(call.capture, details=replace(call.capture.details, name=POISON))
        return call.capture

    count = await container.release_held()(HeldQuery(project_id=project.project_id), prepare)

    assert count == ReleaseCount(released=2, still_held=1)
    assert len(await leads_of(container, project)) == 2
    assert [call.code for call in await held_by(container, project)] == [UNREADABLE]


async def test_what_no_store_can_take_waits_on_as_unreadable(
    post: Post, container: Container, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    await change(container, project, monthly_limit=0)
    await post(a_postcard("1"))

    async def cannot(_: Capture) -> Outcome:
        return NotKept(NotKeptBecause.UNWRITABLE)

    monkeypatch.setattr(container.writer(), "write", cannot)

    count = await container.release_held()(HeldQuery(project_id=project.project_id))

    assert count == ReleaseCount(released=0, still_held=1)
    assert [call.code for call in await held_by(container, project)] == [UNREADABLE]


@pytest.mark.parametrize("error", [StorageUnavailable("down"), Overloaded(retry_after_seconds=1)])
async def test_what_was_recorded_beside_one_that_was_not_is_held_no_longer(
    post: Post,
    container: Container,
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
) -> None:
    await post(*(Unreadable(raw=str(number)) for number in range(3)))
    write = container.writer().write

    async def write_others(capture: Capture) -> Outcome:
        if capture.details.attributes == {"unreadable": "1"}:
            raise error
        return await write(capture)

    monkeypatch.setattr(container.writer(), "write", write_others)

    with pytest.raises(type(error)):
        await container.release_held()(HeldQuery(project_id=project.project_id))

    assert [call.body for call in await held_by(container, project)] == ["1"]


async def test_an_edit_alone_is_never_tried_for_a_place_nor_lost(
    post: Post, container: Container, clock: StillClock, project: Project
) -> None:
    await change(container, project, monthly_limit=0)
    await post(a_postcard("1", "m1"))
    clock.time = clock.time.replace(month=12)  # what is held from November waits on
    await change(container, project, monthly_limit=5)
    await post(an_edit("1", "e1"))

    for _ in range(3):
        await container.release_for_plan()(project.project_id)
        clock.advance(LOOK_AT_ALL_EVERY_SECONDS)
    assert await codes_of(container, project) == [PLAN_LIMIT_REACHED] * 2
    await change(container, project, release_held_each_month=True)
    await container.release_for_plan()(project.project_id)

    assert await messages_of(container, project) == [["m1", "e1"]]


async def test_an_edit_that_came_before_its_message_waits_for_it_and_keeps_nobody_waiting(
    post: Post, container: Container, project: Project
) -> None:
    await change(container, project, monthly_limit=0)
    await post(an_edit("1", "e1"), a_postcard("1", "m1"), a_postcard("2", "m2"))
    await container.release_for_plan()(project.project_id)  # the look at all is done
    await change(container, project, monthly_limit=2)

    for _ in range(3):
        await container.release_for_plan()(project.project_id)

    assert [sorted(ids) for ids in await messages_of(container, project)] == [["e1", "m1"], ["m2"]]


async def test_an_edit_released_by_hand_waits_for_its_message(
    post: Post, container: Container, project: Project
) -> None:
    await change(container, project, monthly_limit=0)
    await post(a_postcard("1", "m1"), an_edit("1", "e1"))
    (_, edit) = await held_by(container, project)
    named = HeldQuery(project_id=project.project_id, held_ids=[edit.held_id])

    assert await container.release_by_hand()(named) == ReleaseCount(released=0, still_held=1)
    await change(container, project, monthly_limit=1)
    assert await container.release_by_hand()(replace(named, held_ids=None)) == ReleaseCount(
        released=2, still_held=0
    )

    assert await messages_of(container, project) == [["m1", "e1"]]


async def test_an_edit_to_an_unlisted_number_waits_for_the_plan_with_its_message(
    post: Post, container: Container, project: Project
) -> None:
    await change(container, project, monthly_limit=0)
    await lists(container, project, ["1"])
    await post(
        a_postcard("1", "m1", recipient="4"), an_edit("1", "e1", recipient="4"), delivery=STAMPED
    )
    assert await codes_of(container, project) == [NUMBER_NOT_LISTED] * 2
    await lists(container, project, ["1", "4"])

    await container.release_listed()(project.project_id)

    assert await codes_of(container, project) == [PLAN_LIMIT_REACHED] * 2
    assert await leads_of(container, project) == []
