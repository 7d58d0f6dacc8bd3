"""What changes a held message is released with it, neither before nor without it."""

from dataclasses import replace

from application.held.release import ReleaseCount
from application.held.release_for_plan import LOOK_AT_ALL_EVERY_SECONDS
from domain.held import NUMBER_NOT_LISTED, PLAN_LIMIT_REACHED, HeldQuery
from domain.project import Project
from entrypoints.container import Container
from tests.application.fakes import a_postcard
from tests.application.in_force import STAMPED, change, lists
from tests.application.kept import codes_of, held_by, leads_of, messages_of
from tests.application.posting import Post, an_edit
from tests.support.clocks import StillClock


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
