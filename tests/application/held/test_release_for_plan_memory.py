"""What a process remembers to release for the plan is no more than it needs."""

from application.held.release_for_plan import LOOK_AGAIN_SECONDS, MOST_NOTED, ReleaseForPlan
from application.held.release_listed import ReleaseListed
from application.held.release_loop import ReleaseLoop
from application.ports.held_archive import HeldArchive
from application.ports.lead_archive import LeadArchive
from domain.project import Project
from tests.application.boxes import STAMPED, Boxes
from tests.application.conftest import Change
from tests.application.fakes import a_postcard
from tests.application.kept import held_by, messages_of
from tests.application.posting import Post
from tests.support.builders import a_phone
from tests.support.clocks import StillClock


async def test_of_a_project_that_holds_nothing_for_the_plan_nobody_is_remembered(
    post: Post, release_for_plan: ReleaseForPlan, rounds: ReleaseLoop
) -> None:
    await post(*(a_postcard(str(number)) for number in range(20)))
    await rounds.round()
    await post(*(a_postcard(str(number)) for number in range(20)))

    assert release_for_plan._states == {}


async def test_a_project_that_holds_nothing_any_more_is_forgotten(
    post: Post, change: Change, release_for_plan: ReleaseForPlan, rounds: ReleaseLoop
) -> None:
    await change(monthly_limit=0)
    await post(a_postcard("1"))
    await rounds.round()
    await change(monthly_limit=1)
    await rounds.round()
    await post(a_postcard("1"))

    await rounds.round()

    assert release_for_plan._states == {}


async def test_a_project_that_holds_nothing_unlisted_any_more_is_forgotten(
    post: Post,
    lists: Boxes,
    release_listed: ReleaseListed,
    rounds: ReleaseLoop,
    project: Project,
) -> None:
    await lists(project, ["1"])
    await post(a_postcard("1", recipient="4"), delivery=STAMPED)
    await rounds.round()
    await lists(project, ["4"])

    for _ in range(2):
        await rounds.round()

    assert release_listed._asked_up_to == {}


async def test_somebody_who_became_known_before_the_project_was_watched_is_found_all_the_same(
    post: Post,
    change: Change,
    rounds: ReleaseLoop,
    archive: LeadArchive,
    held_archive: HeldArchive,
    project: Project,
) -> None:
    await change(monthly_limit=0)
    await post(a_postcard("1", "m1"), a_postcard("2", "m2"))
    await change(monthly_limit=1)
    await post(a_postcard("2", "m3"))

    await rounds.round()

    assert [sorted(ids) for ids in await messages_of(archive, project)] == [["m2", "m3"]]
    assert len(await held_by(held_archive, project)) == 1


async def test_no_more_than_so_many_are_remembered_until_the_next_look(
    post: Post,
    change: Change,
    release_for_plan: ReleaseForPlan,
    clock: StillClock,
    project: Project,
) -> None:
    await change(monthly_limit=0)
    await post(a_postcard("1"))
    await release_for_plan(project.project_id)
    for number in range(MOST_NOTED + 5):
        release_for_plan.note_person(project.project_id, [a_phone(str(number))])
    assert len(release_for_plan._states[project.project_id].wrote) == MOST_NOTED

    clock.advance(LOOK_AGAIN_SECONDS)
    await release_for_plan(project.project_id)

    assert len(release_for_plan._states[project.project_id].wrote) == 0
