"""When a full month is looked through for what is held of persons who are known by now."""

from typing import Any

import pytest

from application.capture.lead_writer import LeadWriter
from application.held import release_for_plan as module
from application.held.release_for_plan import (
    LOOK_AGAIN_SECONDS,
    LOOK_AT_ALL_EVERY_SECONDS,
)
from domain.held import HeldQuery
from domain.project import Project
from entrypoints.container import Container
from tests.application.fakes import a_postcard
from tests.application.in_force import change
from tests.application.kept import held_by, leads_of
from tests.application.posting import Post
from tests.support.builders import a_capture, a_held_call, a_phone
from tests.support.clocks import StillClock


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
        [a_held_call(project, capture=capture) for capture in captures]
    )
    await change(container, project, monthly_limit=3)

    await container.release_for_plan()(project.project_id)

    assert len(await leads_of(container, project)) == 1
