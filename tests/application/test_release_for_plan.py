"""What had no place becomes leads as soon as places are free, once each."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.sqlite import SqliteProjectRegister
from application.ports.errors import StorageUnavailable
from application.ports.held_archive import HeldArchive, HeldQuery
from application.ports.held_ledger import HeldLedger
from application.ports.lead_archive import LeadArchive
from application.release_for_plan import LOOK_AGAIN_SECONDS, ReleaseForPlan
from application.release_held import Tally
from domain.plan import Month
from domain.project import Project
from tests.application.fakes import WatchedLedger, a_postcard
from tests.application.webhooks import Post, held_by, leads_of, messages_of
from tests.support.builders import NOW
from tests.support.clocks import StillClock

Change = Callable[..., Awaitable[None]]
DECEMBER = datetime(2026, 12, 1, 8, tzinfo=UTC)
FIVE_PEOPLE = [
    ("1", "m1"),
    ("2", "m2"),
    ("3", "m3"),
    ("1", "m4"),
    ("4", "m5"),
    ("2", "m6"),
    ("5", "m7"),
]


@pytest.fixture
def change(projects: SqliteProjectRegister, project: Project, clock: StillClock) -> Change:
    """Changes the project of the deliveries, and lets it be in force."""

    async def change(**fields: Any) -> None:
        await projects.change(project.project_id, lambda old: replace(old, **fields))
        clock.advance(3)

    return change


async def test_nothing_is_released_while_the_month_is_full(
    post: Post, change: Change, release_for_plan: ReleaseForPlan, project: Project
) -> None:
    await change(monthly_limit=0)
    await post(a_postcard("1", "m1"))

    assert [await release_for_plan(project.project_id) for _ in range(3)] == [
        Tally(0, 1),  # a look for persons who are known by now
        Tally(),
        Tally(),
    ]


async def test_five_people_with_seven_messages_become_five_leads_when_the_limit_is_raised(
    post: Post,
    change: Change,
    release_for_plan: ReleaseForPlan,
    archive: LeadArchive,
    held_archive: HeldArchive,
    project: Project,
) -> None:
    await change(monthly_limit=1)
    receipt = await post(*(a_postcard(*one) for one in FIVE_PEOPLE))
    assert (receipt.new_leads, receipt.held) == (1, 5)

    await change(monthly_limit=5)
    await release_for_plan(project.project_id)

    expected = [["m1", "m4"], ["m2", "m6"], ["m3"], ["m5"], ["m7"]]
    assert await messages_of(archive, project) == expected
    assert await held_by(held_archive, project) == []
    assert await archive.places_taken(project.project_id, Month.of(NOW)) == 5


async def test_with_fewer_places_the_oldest_come_first_and_the_rest_waits_on(
    post: Post,
    change: Change,
    release_for_plan: ReleaseForPlan,
    archive: LeadArchive,
    held_archive: HeldArchive,
    project: Project,
) -> None:
    await change(monthly_limit=1)
    await post(*(a_postcard(*one) for one in FIVE_PEOPLE))

    await change(monthly_limit=3)
    await release_for_plan(project.project_id)

    assert await messages_of(archive, project) == [["m1", "m4"], ["m2", "m6"], ["m3"]]
    assert len(await held_by(held_archive, project)) == 2


async def test_a_released_lead_has_its_own_time_and_a_place_of_the_month_of_its_release(
    post: Post,
    change: Change,
    release_for_plan: ReleaseForPlan,
    archive: LeadArchive,
    clock: StillClock,
    project: Project,
) -> None:
    await change(monthly_limit=0, release_held_each_month=True)
    came_at = clock.now()
    await post(a_postcard("1", "m1"), request_id="req_1")
    clock.time = DECEMBER
    await change(monthly_limit=1)

    await release_for_plan(project.project_id)

    (lead,) = await leads_of(archive, project)
    assert (lead.captured_at, lead.request_id) == (came_at, "req_1")
    assert await archive.places_taken(project.project_id, Month.of(DECEMBER)) == 1
    assert await archive.places_taken(project.project_id, Month.of(NOW)) == 0


@pytest.mark.parametrize("says_so", [False, True])
async def test_in_a_new_month_what_was_held_before_is_released_only_if_the_project_says_so(
    post: Post,
    change: Change,
    release_for_plan: ReleaseForPlan,
    archive: LeadArchive,
    clock: StillClock,
    project: Project,
    says_so: bool,
) -> None:
    await change(monthly_limit=1, release_held_each_month=says_so)
    await post(a_postcard("1", "m1"), a_postcard("2", "m2"))
    clock.time = DECEMBER
    clock.advance(3)

    await release_for_plan(project.project_id)

    assert len(await leads_of(archive, project)) == (2 if says_so else 1)


async def test_what_a_person_wrote_in_a_full_month_follows_when_the_person_becomes_known_later(
    post: Post,
    change: Change,
    release_for_plan: ReleaseForPlan,
    archive: LeadArchive,
    clock: StillClock,
    project: Project,
) -> None:
    await change(monthly_limit=0)
    await post(a_postcard("1", "m1"), a_postcard("2", "m2"))
    await release_for_plan(project.project_id)
    clock.time = DECEMBER
    await change(monthly_limit=1)
    await post(a_postcard("1", "m3"))
    clock.advance(LOOK_AGAIN_SECONDS)

    await release_for_plan(project.project_id)

    (messages,) = await messages_of(archive, project)
    assert sorted(messages) == ["m1", "m3"]


async def test_a_person_who_took_the_last_place_meanwhile_gets_what_is_held_of_them(
    post: Post,
    change: Change,
    release_for_plan: ReleaseForPlan,
    archive: LeadArchive,
    held_archive: HeldArchive,
    clock: StillClock,
    project: Project,
) -> None:
    await change(monthly_limit=0)
    await post(a_postcard("1", "m1"), a_postcard("2", "m2"), a_postcard("2", "m3"))
    await release_for_plan(project.project_id)
    await change(monthly_limit=1)
    await post(a_postcard("2", "m4"))
    clock.advance(LOOK_AGAIN_SECONDS)

    await release_for_plan(project.project_id)

    (messages,) = await messages_of(archive, project)
    assert sorted(messages) == ["m2", "m3", "m4"]
    assert len(await held_by(held_archive, project)) == 1


async def test_a_process_killed_between_the_lead_and_the_end_of_its_hold_makes_nothing_twice(
    post: Post,
    change: Change,
    release_for_plan: ReleaseForPlan,
    archive: LeadArchive,
    held: HeldLedger,
    held_archive: HeldArchive,
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await change(monthly_limit=1)
    await post(*(a_postcard(*one) for one in FIVE_PEOPLE))
    await change(monthly_limit=5)

    async def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(held, "remove", killed)
        with pytest.raises(KeyboardInterrupt):
            await release_for_plan(project.project_id)
    again = await post(*(a_postcard(*one) for one in FIVE_PEOPLE))
    await release_for_plan(project.project_id)

    assert again.held == 0
    assert [sorted(ids) for ids in await messages_of(archive, project)] == [
        ["m1", "m4"],
        ["m2", "m6"],
        ["m3"],
        ["m5"],
        ["m7"],
    ]
    assert await held_by(held_archive, project) == []
    assert await archive.places_taken(project.project_id, Month.of(NOW)) == 5


async def test_while_the_store_is_away_everything_waits_on(
    post: Post,
    change: Change,
    release_for_plan: ReleaseForPlan,
    ledger: WatchedLedger,
    held_archive: HeldArchive,
    clock: StillClock,
    project: Project,
) -> None:
    await change(monthly_limit=0)
    await post(a_postcard("1", "m1"))
    await change(monthly_limit=1)
    ledger.is_down = True
    ledger.take(1.0, clock)

    with pytest.raises(StorageUnavailable):
        await release_for_plan(project.project_id)
    assert len(await held_by(held_archive, project)) == 1
    ledger.is_down = False
    await change()
    await release_for_plan(project.project_id)

    assert await held_by(held_archive, project) == []


async def test_a_try_of_what_another_process_released_meanwhile_does_not_mean_that_it_is_full(
    post: Post,
    change: Change,
    release_for_plan: ReleaseForPlan,
    held: HeldLedger,
    held_archive: HeldArchive,
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await change(monthly_limit=0)
    await post(a_postcard("1"), a_postcard("2"))
    await release_for_plan(project.project_id)
    await change(monthly_limit=2)
    page = held_archive.page
    looked: list[int] = []

    async def page_that_is_overtaken(query: HeldQuery, **how: Any) -> Any:
        found = await page(query, **how)
        if not looked:
            looked.append(1)
            await held.remove(project.project_id, [found[0].held_id])
        return found

    monkeypatch.setattr(held_archive, "page", page_that_is_overtaken)

    await release_for_plan(project.project_id)
    await release_for_plan(project.project_id)

    assert await held_by(held_archive, project) == []


async def test_in_a_full_month_only_what_is_held_of_those_who_wrote_is_tried(
    post: Post,
    change: Change,
    release_for_plan: ReleaseForPlan,
    ledger: WatchedLedger,
    clock: StillClock,
    project: Project,
) -> None:
    await change(monthly_limit=1)
    await post(*(a_postcard(str(number), f"m{number}") for number in range(6)))
    await release_for_plan(project.project_id)
    await post(a_postcard("0", "more"))
    clock.advance(LOOK_AGAIN_SECONDS)
    ledger.batches.clear()

    await release_for_plan(project.project_id)

    assert ledger.batches == []


async def test_a_full_month_is_tried_again_only_when_limit_or_month_changes(
    post: Post,
    change: Change,
    release_for_plan: ReleaseForPlan,
    ledger: WatchedLedger,
    project: Project,
) -> None:
    await change(monthly_limit=0)
    await post(a_postcard("1", "m1"))
    await release_for_plan(project.project_id)
    tried = len(ledger.batches)

    for _ in range(5):
        await release_for_plan(project.project_id)

    assert len(ledger.batches) == tried
