"""What had no place becomes leads as soon as places are free, once each."""

from typing import Any

import pytest

from application.capture.lead_writer import LeadWriter
from application.held import release_for_plan as module
from application.held.release import ReleaseCount
from application.held.release_for_plan import (
    LOOK_AGAIN_SECONDS,
    LOOK_AT_ALL_EVERY_SECONDS,
    MOST_NOTED,
)
from domain.held import HeldQuery
from domain.plan import Month
from domain.project import Project
from entrypoints.container import Container
from tests.application.fakes import WatchedLedger, a_postcard
from tests.application.in_force import STAMPED, change, lists
from tests.application.kept import held_by, leads_of, messages_of
from tests.application.posting import FIVE_PEOPLE, Post
from tests.support.builders import NOW, a_capture, a_held_call, a_phone
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


@pytest.fixture
async def full(post: Post, container: Container, project: Project) -> Project:
    """It holds something of the persons 1 and 2, which was looked at."""
    await change(container, project, monthly_limit=0)
    await post(a_postcard("1", "m1"), a_postcard("2", "m2"))
    await container.release_for_plan()(project.project_id)
    return project


async def become_known(post: Post, *persons: str) -> None:
    """By what takes no place."""
    await post(*(a_postcard(person, f"test of {person}", counts=False) for person in persons))


async def waiting(container: Container, project: Project) -> list[str]:
    calls = await held_by(container, project)
    return [call.capture.message.message_id for call in calls if call.capture]


async def test_persons_are_looked_for_once_in_a_while_and_not_at_each_round(
    post: Post, container: Container, clock: StillClock, full: Project
) -> None:
    found = []
    for person in ("1", "2"):
        await become_known(post, person)
        await container.release_for_plan()(full.project_id)
        found.append(await waiting(container, full))
    clock.advance(LOOK_AGAIN_SECONDS)
    await container.release_for_plan()(full.project_id)

    assert found == [["m2"], ["m2"]]
    assert await waiting(container, full) == []


async def test_while_nobody_writes_nothing_new_nobody_is_looked_for(
    post: Post,
    container: Container,
    clock: StillClock,
    full: Project,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await become_known(post, "3")
    await container.release_for_plan()(full.project_id)
    await become_known(post, "3")
    clock.advance(LOOK_AGAIN_SECONDS)
    page, asked = container.held_archive().page, []

    async def asked_page(query: HeldQuery, **how: Any) -> Any:
        asked.append(query)
        return await page(query, **how)

    monkeypatch.setattr(container.held_archive(), "page", asked_page)

    await container.release_for_plan()(full.project_id)

    assert asked == []


async def test_whoever_was_not_noted_is_found_by_the_look_at_all(
    post: Post,
    container: Container,
    clock: StillClock,
    full: Project,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MOST_NOTED", 1)
    await become_known(post, "1", "2")
    await container.release_for_plan()(full.project_id)
    noted = await waiting(container, full)
    clock.advance(LOOK_AT_ALL_EVERY_SECONDS)

    await container.release_for_plan()(full.project_id)

    assert noted == ["m2"]
    assert await waiting(container, full) == []


async def test_what_was_to_make_no_lead_makes_none_when_there_are_places(
    container: Container, writer: LeadWriter, project: Project
) -> None:
    links = [
        a_capture(project, identities=(a_phone(one), a_phone(two)), opens_lead=False)
        for one, two in ("12", "34")
    ]
    captures = [a_capture(project), *links]
    await container.held_ledger().hold(
        [a_held_call(project, capture=capture, channel="postcards") for capture in captures]
    )
    await change(container, project, monthly_limit=3)

    await container.release_for_plan()(project.project_id)

    assert len(await leads_of(container, project)) == 1


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
