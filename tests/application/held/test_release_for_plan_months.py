"""What was held in a month that is over, when the next one has places."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from application.held.release import ReleaseCount
from application.held.release_for_plan import LOOK_AGAIN_SECONDS
from domain.errors import StorageUnavailable
from domain.held import UNREADABLE, HeldQuery
from domain.lead import LeadDetails
from domain.plan import Month
from domain.project import Project
from entrypoints.container import Container
from tests.application.fakes import POISON, WatchedLedger, a_postcard
from tests.application.in_force import change
from tests.application.kept import held_by, leads_of, messages_of
from tests.application.posting import FIVE_PEOPLE, Post
from tests.support.builders import NOW, a_capture, a_held_call
from tests.support.clocks import StillClock

DECEMBER = datetime(2026, 12, 1, 8, tzinfo=UTC)


async def test_a_released_lead_has_its_own_time_and_a_place_of_the_month_of_its_release(
    post: Post, container: Container, clock: StillClock, project: Project
) -> None:
    await change(container, project, monthly_limit=0, release_held_each_month=True)
    came_at = clock.now()
    await post(a_postcard("1", "m1"), request_id="req_1")
    clock.time = DECEMBER
    await change(container, project, monthly_limit=1)

    await container.release_for_plan()(project.project_id)

    (lead,) = await leads_of(container, project)
    assert (lead.captured_at, lead.request_id) == (came_at, "req_1")
    assert await container.archive().places_taken(project.project_id, Month.of(DECEMBER)) == 1
    assert await container.archive().places_taken(project.project_id, Month.of(NOW)) == 0


@pytest.mark.parametrize("says_so", [False, True])
async def test_in_a_new_month_what_was_held_before_is_released_only_if_the_project_says_so(
    post: Post, container: Container, clock: StillClock, project: Project, says_so: bool
) -> None:
    await change(container, project, monthly_limit=1, release_held_each_month=says_so)
    await post(a_postcard("1", "m1"), a_postcard("2", "m2"))
    clock.time = DECEMBER
    clock.advance(3)

    await container.release_for_plan()(project.project_id)

    assert len(await leads_of(container, project)) == (2 if says_so else 1)


async def test_who_was_refused_again_in_a_new_month_gets_a_place_of_it(
    container: Container, writer: object, clock: StillClock, project: Project
) -> None:
    await change(container, project, monthly_limit=0, release_held_calls=True)
    calls = [
        replace(a_held_call(project, at=NOW + timedelta(minutes=n)), times=2, last_at=DECEMBER)
        for n in range(3)
    ]
    await container.held_ledger().hold(calls)
    clock.time = DECEMBER
    await change(container, project, monthly_limit=9)

    count = await container.release_for_plan()(project.project_id)

    assert count.released == len(calls) - 1  # the oldest was tried before
    assert await held_by(container, project) == []


async def test_a_month_that_was_found_full_says_nothing_of_the_next_one(
    post: Post, container: Container, clock: StillClock, project: Project
) -> None:
    await change(container, project, monthly_limit=2, release_held_each_month=True)
    await post(*(a_postcard(str(number), f"m{number}") for number in range(5)))
    await container.release_for_plan()(project.project_id)
    clock.time = DECEMBER

    await container.release_for_plan()(project.project_id)

    assert await messages_of(container, project) == [["m0"], ["m1"], ["m2"], ["m3"]]


async def test_in_a_new_month_nobody_looks_again_and_again_for_what_waits_since_an_earlier_one(
    post: Post, container: Container, ledger: WatchedLedger, clock: StillClock, project: Project
) -> None:
    await change(container, project, monthly_limit=0)
    await post(a_postcard("1", "m1"))
    clock.time = DECEMBER
    await change(container, project, monthly_limit=1)
    await container.release_for_plan()(project.project_id)
    ledger.batches.clear()

    await container.release_for_plan()(project.project_id)

    assert ledger.batches == []


async def test_what_waits_since_an_earlier_month_waits_on_while_its_person_is_unknown(
    post: Post, container: Container, clock: StillClock, project: Project
) -> None:
    await change(container, project, monthly_limit=0)
    await post(a_postcard("1", "m1"))
    clock.time = DECEMBER
    await change(container, project, monthly_limit=1)

    count = await container.release_for_plan()(project.project_id)

    assert count == ReleaseCount(released=0, still_held=1)
    assert len(await held_by(container, project)) == 1


async def test_what_a_person_wrote_in_a_full_month_follows_when_the_person_becomes_known_later(
    post: Post, container: Container, clock: StillClock, project: Project
) -> None:
    await change(container, project, monthly_limit=0)
    await post(a_postcard("1", "m1"), a_postcard("2", "m2"))
    await container.release_for_plan()(project.project_id)
    clock.time = DECEMBER
    await change(container, project, monthly_limit=1)
    await post(a_postcard("1", "m3"))
    clock.advance(LOOK_AGAIN_SECONDS)

    await container.release_for_plan()(project.project_id)

    (messages,) = await messages_of(container, project)
    assert sorted(messages) == ["m1", "m3"]


async def test_a_process_killed_between_the_lead_and_the_end_of_its_hold_makes_nothing_twice(
    post: Post, container: Container, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    await change(container, project, monthly_limit=1)
    await post(*(a_postcard(*one) for one in FIVE_PEOPLE))
    await change(container, project, monthly_limit=5)

    async def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(container.held_ledger(), "remove", killed)
        with pytest.raises(KeyboardInterrupt):
            await container.release_for_plan()(project.project_id)
    again = await post(*(a_postcard(*one) for one in FIVE_PEOPLE))
    await container.release_for_plan()(project.project_id)

    assert again.held == 0
    assert [sorted(ids) for ids in await messages_of(container, project)] == [
        ["m1", "m4"],
        ["m2", "m6"],
        ["m3"],
        ["m5"],
        ["m7"],
    ]
    assert await held_by(container, project) == []
    assert await container.archive().places_taken(project.project_id, Month.of(NOW)) == 5


async def test_one_that_meets_a_defect_is_out_of_the_way_of_the_others_and_logged_once(
    post: Post, container: Container, project: Project, caplog: pytest.LogCaptureFixture
) -> None:
    await change(container, project, monthly_limit=0)
    poison = a_capture(project, details=LeadDetails(name=POISON))
    first = a_held_call(project, held_id="held_0", capture=poison, channel="postcards")
    await container.held_ledger().hold([first])
    await post(a_postcard("2", "m2"))
    await change(container, project, monthly_limit=2)

    for _ in range(3):
        await container.release_for_plan()(project.project_id)

    assert await messages_of(container, project) == [["m2"]]
    assert [call.code for call in await held_by(container, project)] == [UNREADABLE]
    assert caplog.messages.count("held.defect") == 1


async def test_while_the_store_is_away_everything_waits_on(
    post: Post, container: Container, ledger: WatchedLedger, clock: StillClock, project: Project
) -> None:
    await change(container, project, monthly_limit=0)
    await post(a_postcard("1", "m1"))
    await change(container, project, monthly_limit=1)
    ledger.is_down = True
    ledger.take(1.0, clock)

    with pytest.raises(StorageUnavailable):
        await container.release_for_plan()(project.project_id)
    assert len(await held_by(container, project)) == 1
    ledger.is_down = False
    await change(container, project)
    await container.release_for_plan()(project.project_id)

    assert await held_by(container, project) == []


async def test_a_try_of_what_another_process_released_meanwhile_does_not_mean_that_it_is_full(
    post: Post, container: Container, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    await change(container, project, monthly_limit=0)
    await post(a_postcard("1"), a_postcard("2"))
    await container.release_for_plan()(project.project_id)
    await change(container, project, monthly_limit=2)
    page = container.held_archive().page
    looked: list[int] = []

    async def page_that_is_overtaken(query: HeldQuery, **how: Any) -> Any:
        found = await page(query, **how)
        if not looked:
            looked.append(1)
            await container.held_ledger().remove(project.project_id, [found[0].held_id])
        return found

    monkeypatch.setattr(container.held_archive(), "page", page_that_is_overtaken)

    await container.release_for_plan()(project.project_id)
    await container.release_for_plan()(project.project_id)

    assert await held_by(container, project) == []
