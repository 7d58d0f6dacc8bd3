"""What had no place becomes leads as soon as places are free, once each."""

from application.held.release import ReleaseCount
from application.held.release_for_plan import LOOK_AGAIN_SECONDS
from domain.plan import Month
from domain.project import Project
from entrypoints.container import Container
from tests.application.fakes import WatchedLedger, a_postcard
from tests.application.in_force import change
from tests.application.kept import held_by, messages_of
from tests.application.posting import FIVE_PEOPLE, Post
from tests.support.builders import NOW
from tests.support.clocks import StillClock


async def test_nothing_is_released_while_the_month_is_full(
    post: Post, container: Container, project: Project
) -> None:
    await change(container, project, monthly_limit=0)
    await post(a_postcard("1", "m1"))

    assert [await container.release_for_plan()(project.project_id) for _ in range(3)] == [
        ReleaseCount(0, 1),  # a look for persons who are known by now
        ReleaseCount(),
        ReleaseCount(),
    ]


async def test_five_people_with_seven_messages_become_five_leads_when_the_limit_is_raised(
    post: Post, container: Container, project: Project
) -> None:
    await change(container, project, monthly_limit=1)
    receipt = await post(*(a_postcard(*one) for one in FIVE_PEOPLE))
    assert (receipt.new_leads, receipt.held) == (1, 5)

    await change(container, project, monthly_limit=5)
    await container.release_for_plan()(project.project_id)

    expected = [["m1", "m4"], ["m2", "m6"], ["m3"], ["m5"], ["m7"]]
    assert await messages_of(container, project) == expected
    assert await held_by(container, project) == []
    assert await container.archive().places_taken(project.project_id, Month.of(NOW)) == 5


async def test_with_fewer_places_the_oldest_come_first_and_the_rest_waits_on(
    post: Post, container: Container, project: Project
) -> None:
    await change(container, project, monthly_limit=1)
    await post(*(a_postcard(*one) for one in FIVE_PEOPLE))

    await change(container, project, monthly_limit=3)
    await container.release_for_plan()(project.project_id)

    assert await messages_of(container, project) == [["m1", "m4"], ["m2", "m6"], ["m3"]]
    assert len(await held_by(container, project)) == 2


async def test_a_person_who_took_the_last_place_meanwhile_gets_what_is_held_of_them(
    post: Post, container: Container, clock: StillClock, project: Project
) -> None:
    await change(container, project, monthly_limit=0)
    await post(a_postcard("1", "m1"), a_postcard("2", "m2"), a_postcard("2", "m3"))
    await container.release_for_plan()(project.project_id)
    await change(container, project, monthly_limit=1)
    await post(a_postcard("2", "m4"))
    clock.advance(LOOK_AGAIN_SECONDS)

    await container.release_for_plan()(project.project_id)

    (messages,) = await messages_of(container, project)
    assert sorted(messages) == ["m2", "m3", "m4"]
    assert len(await held_by(container, project)) == 1


async def test_in_a_full_month_only_what_is_held_of_those_who_wrote_is_tried(
    post: Post, container: Container, ledger: WatchedLedger, clock: StillClock, project: Project
) -> None:
    await change(container, project, monthly_limit=1)
    await post(*(a_postcard(str(number), f"m{number}") for number in range(6)))
    await container.release_for_plan()(project.project_id)
    await post(a_postcard("0", "more"))
    clock.advance(LOOK_AGAIN_SECONDS)
    ledger.batches.clear()

    await container.release_for_plan()(project.project_id)

    assert ledger.batches == []


async def test_a_full_month_is_tried_again_only_when_limit_or_month_changes(
    post: Post, container: Container, ledger: WatchedLedger, project: Project
) -> None:
    await change(container, project, monthly_limit=0)
    await post(a_postcard("1", "m1"))
    await container.release_for_plan()(project.project_id)
    tried = len(ledger.batches)

    for _ in range(5):
        await container.release_for_plan()(project.project_id)

    assert len(ledger.batches) == tried
