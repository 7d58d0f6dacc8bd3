"""What a process remembers to release for the plan is no more than it needs."""

from application.held.release_for_plan import LOOK_AGAIN_SECONDS, MOST_NOTED
from domain.project import Project
from entrypoints.container import Container
from tests.application.fakes import a_postcard
from tests.application.in_force import STAMPED, change, lists
from tests.application.kept import held_by, messages_of
from tests.application.posting import Post
from tests.support.builders import a_phone
from tests.support.clocks import StillClock


async def test_of_a_project_that_holds_nothing_for_the_plan_nobody_is_remembered(
    post: Post, container: Container
) -> None:
    await post(*(a_postcard(str(number)) for number in range(20)))
    await container.release_loop().round()
    await post(*(a_postcard(str(number)) for number in range(20)))

    assert container.release_for_plan()._states == {}


async def test_a_project_that_holds_nothing_any_more_is_forgotten(
    post: Post, container: Container, project: Project
) -> None:
    await change(container, project, monthly_limit=0)
    await post(a_postcard("1"))
    await container.release_loop().round()
    await change(container, project, monthly_limit=1)
    await container.release_loop().round()
    await post(a_postcard("1"))

    await container.release_loop().round()

    assert container.release_for_plan()._states == {}


async def test_a_project_that_holds_nothing_unlisted_any_more_is_forgotten(
    post: Post, container: Container, project: Project
) -> None:
    await lists(container, project, ["1"])
    await post(a_postcard("1", recipient="4"), delivery=STAMPED)
    await container.release_loop().round()
    await lists(container, project, ["4"])

    for _ in range(2):
        await container.release_loop().round()

    assert container.release_listed()._asked_up_to == {}


async def test_somebody_who_became_known_before_the_project_was_watched_is_found_all_the_same(
    post: Post, container: Container, project: Project
) -> None:
    await change(container, project, monthly_limit=0)
    await post(a_postcard("1", "m1"), a_postcard("2", "m2"))
    await change(container, project, monthly_limit=1)
    await post(a_postcard("2", "m3"))

    await container.release_loop().round()

    assert [sorted(ids) for ids in await messages_of(container, project)] == [["m2", "m3"]]
    assert len(await held_by(container, project)) == 1


async def test_no_more_than_so_many_are_remembered_until_the_next_look(
    post: Post, container: Container, clock: StillClock, project: Project
) -> None:
    await change(container, project, monthly_limit=0)
    await post(a_postcard("1"))
    await container.release_for_plan()(project.project_id)
    for number in range(MOST_NOTED + 5):
        container.release_for_plan().note_person(project.project_id, [a_phone(str(number))])
    assert len(container.release_for_plan()._states[project.project_id].wrote) == MOST_NOTED

    clock.advance(LOOK_AGAIN_SECONDS)
    await container.release_for_plan()(project.project_id)

    assert len(container.release_for_plan()._states[project.project_id].wrote) == 0
