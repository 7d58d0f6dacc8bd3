"""Calls of the lead path that were held become leads: once each, oldest first, whoever asks."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from application.capture.capture_lead import CaptureLead, Submission
from application.held import release_for_plan
from application.held.release import ReleaseCount
from domain.held import DOMAIN_NOT_ALLOWED, PLAN_LIMIT_REACHED, HeldCall, HeldQuery
from domain.idempotency import Idempotency, fingerprint_of
from domain.json_value import JsonObject
from domain.lead import LeadDetails
from domain.project import Project
from entrypoints.container import Container
from tests.application.in_force import change
from tests.application.kept import held_by, leads_of
from tests.support.builders import NOW, a_capture, a_held_call, a_message
from tests.support.clocks import StillClock

ADA: JsonObject = {"name": "Ada"}


def a_refused_call(
    project: Project, name: str, *, minutes: int = 0, code: str = DOMAIN_NOT_ALLOWED, key: str = ""
) -> HeldCall:
    """A call of somebody with this name, so many minutes after noon."""
    at = NOW + timedelta(minutes=minutes)
    capture = a_capture(
        project,
        captured_at=at,
        details=LeadDetails(name=name),
        idempotency=Idempotency(key, fingerprint_of({"name": name})) if key else None,
    )
    request_id = capture.request_id
    return a_held_call(project, code=code, at=at, request_id=request_id, capture=capture)


async def hold_three(container: Container, project: Project) -> Sequence[HeldCall]:
    calls = [
        a_refused_call(project, name, minutes=minutes, code=PLAN_LIMIT_REACHED)
        for minutes, name in enumerate(("Ada", "Eve", "Zoë"))
    ]
    await container.held_ledger().hold(calls)
    return calls


async def send(capture: CaptureLead, project: Project, body: JsonObject, key: str) -> int:
    submission = Submission(
        project_id=project.project_id, request_id="req_new", body=body, idempotency_key=key
    )
    return (await capture(submission)).lead_id


async def release(container: Container, project: Project, *held_ids: str) -> ReleaseCount:
    query = HeldQuery(project_id=project.project_id, held_ids=held_ids or None)
    return await container.release_by_hand()(query)


async def names_of(container: Container, project: Project) -> list[str | None]:
    return [lead.details.name for lead in await leads_of(container, project)]


async def test_where_the_project_says_so_they_come_oldest_first_each_with_its_own_time_and_id(
    container: Container, writer: object, project: Project, clock: StillClock
) -> None:
    calls = await hold_three(container, project)
    clock.advance(3600)
    await change(container, project, monthly_limit=3, release_held_calls=True)

    count = await container.release_for_plan()(project.project_id)

    leads = await leads_of(container, project)
    assert [lead.lead_id for lead in leads] == [1, 2, 3]
    assert [lead.captured_at for lead in leads] == [call.at for call in calls]
    assert [lead.request_id for lead in leads] == [call.request_id for call in calls]
    assert [lead.channel for lead in leads] == ["rest"] * 3
    assert await held_by(container, project) == []
    assert count.still_held == 0


async def test_those_that_find_no_place_are_the_youngest_and_wait_for_the_next_one(
    container: Container, writer: object, project: Project
) -> None:
    calls = await hold_three(container, project)
    for limit, waiting in ((2, calls[2:]), (3, [])):
        await change(container, project, monthly_limit=limit, release_held_calls=True)
        await container.release_for_plan()(project.project_id)

        assert await held_by(container, project) == waiting
    assert await names_of(container, project) == ["Ada", "Eve", "Zoë"]


async def test_they_and_what_a_webhook_brought_come_in_the_order_in_which_they_were_sent(
    container: Container, writer: object, project: Project
) -> None:
    first, second, third = (
        a_refused_call(project, name, code=PLAN_LIMIT_REACHED) for name in ("Ada", "Zoë", "Eve")
    )
    postcard = replace(second, channel="postcards")
    await container.held_ledger().hold([third, postcard, first])
    await change(container, project, release_held_calls=True)

    await container.release_for_plan()(project.project_id)

    assert await names_of(container, project) == ["Ada", "Zoë", "Eve"]


@pytest.mark.parametrize(("each_month", "leads"), [(False, 0), (True, 3)])
async def test_in_a_new_month_they_come_by_themselves_only_if_the_project_says_that_too(
    container: Container,
    writer: object,
    project: Project,
    clock: StillClock,
    each_month: bool,
    leads: int,
) -> None:
    await hold_three(container, project)
    clock.advance(31 * 24 * 3600)
    await change(
        container,
        project,
        monthly_limit=9,
        release_held_calls=True,
        release_held_each_month=each_month,
    )

    await container.release_for_plan()(project.project_id)

    assert len(await leads_of(container, project)) == leads


async def test_a_command_releases_them_whatever_the_project_says_and_says_how_many_found_no_place(
    container: Container, writer: object, project: Project
) -> None:
    await hold_three(container, project)
    await change(container, project, monthly_limit=2)

    count = await release(container, project)

    assert count == ReleaseCount(released=2, still_held=1)
    assert count.without_place == 1
    assert await names_of(container, project) == ["Ada", "Eve"]


async def test_two_that_release_the_same_calls_at_one_moment_make_each_of_them_one_lead(
    container: Container, writer: object, project: Project
) -> None:
    await hold_three(container, project)
    await change(container, project, release_held_calls=True)

    await asyncio.gather(
        release(container, project),
        container.release_for_plan()(project.project_id),
        release(container, project),
    )

    assert sorted(await names_of(container, project), key=str) == ["Ada", "Eve", "Zoë"]
    assert await held_by(container, project) == []


async def test_a_call_that_was_recorded_and_not_removed_before_a_kill_is_one_lead(
    container: Container, writer: object, project: Project
) -> None:
    calls = await hold_three(container, project)
    await release(container, project)
    await container.held_ledger().hold(calls[:1])

    await release(container, project, calls[0].held_id)

    assert await names_of(container, project) == ["Ada", "Eve", "Zoë"]
    assert await held_by(container, project) == []


async def test_one_whose_key_came_again_and_got_through_is_that_lead_and_no_second_one(
    container: Container, capture: CaptureLead, project: Project
) -> None:
    held = a_refused_call(project, "Ada", key="k")
    await container.held_ledger().hold([held])
    await send(capture, project, ADA, "k")

    count = await release(container, project, held.held_id)

    assert count == ReleaseCount(released=1, still_held=0)
    assert await names_of(container, project) == ["Ada"]


async def test_one_that_finds_no_place_stays_under_its_code_where_its_next_tries_are_counted(
    container: Container, writer: object, project: Project
) -> None:
    await change(container, project, monthly_limit=0, release_held_calls=True)
    held = a_refused_call(project, "Ada", code=DOMAIN_NOT_ALLOWED)
    await container.held_ledger().hold([held])

    count = await release(container, project)
    await container.held_ledger().hold_or_count([replace(held, held_id="held_again")])
    await container.release_for_plan()(project.project_id)

    assert (count.released, count.without_place) == (0, 1)
    (still,) = await held_by(container, project)
    assert (still.held_id, still.code, still.times) == (held.held_id, DOMAIN_NOT_ALLOWED, 2)


async def test_one_whose_key_has_named_another_lead_since_is_a_lead_without_it(
    container: Container, capture: CaptureLead, project: Project
) -> None:
    await container.held_ledger().hold([a_refused_call(project, "Eve", key="k")])
    await send(capture, project, ADA, "k")

    await release(container, project)

    assert await names_of(container, project) == ["Ada", "Eve"]
    assert await send(capture, project, ADA, "k") == 1


async def test_the_first_of_two_under_one_key_keeps_it(
    container: Container, capture: CaptureLead, project: Project
) -> None:
    await container.held_ledger().hold(
        [a_refused_call(project, name, key="k") for name in ("Ada", "Eve")]
    )

    await release(container, project)

    assert await send(capture, project, ADA, "k") == 1
    assert await names_of(container, project) == ["Ada", "Eve"]


async def test_a_page_of_edits_keeps_no_call_behind_it_from_its_place(
    container: Container, writer: object, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release_for_plan, "PAGE", 2)
    edits = [
        a_held_call(
            project,
            channel="postcards",
            capture=a_capture(project, opens_lead=False, message=a_message()),
        )
        for _ in range(3)
    ]
    call = a_refused_call(project, "Ada", minutes=5, code=PLAN_LIMIT_REACHED)
    await container.held_ledger().hold([*edits, call])
    await change(container, project, release_held_calls=True)

    await container.release_for_plan()(project.project_id)

    assert [lead.details.name for lead in await leads_of(container, project)] == ["Ada"]
