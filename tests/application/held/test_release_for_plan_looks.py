"""When a full month is looked through for what is held of persons who are known by now."""

from typing import Any

import pytest

from application.held import release_for_plan as module
from application.held.release_for_plan import (
    LOOK_AGAIN_SECONDS,
    LOOK_AT_ALL_EVERY_SECONDS,
    ReleaseForPlan,
)
from application.ports.held_archive import HeldArchive
from application.ports.held_ledger import HeldLedger
from application.ports.lead_archive import LeadArchive
from domain.held import HeldQuery
from domain.project import Project
from tests.application.conftest import Change
from tests.application.fakes import a_postcard
from tests.application.kept import held_by, leads_of
from tests.application.posting import Post
from tests.support.builders import a_capture, a_held_call, a_phone
from tests.support.clocks import StillClock


@pytest.fixture
async def full(
    post: Post, change: Change, release_for_plan: ReleaseForPlan, project: Project
) -> Project:
    """It holds something of the persons 1 and 2, which was looked at."""
    await change(monthly_limit=0)
    await post(a_postcard("1", "m1"), a_postcard("2", "m2"))
    await release_for_plan(project.project_id)
    return project


async def become_known(post: Post, *persons: str) -> None:
    """By what takes no place."""
    await post(*(a_postcard(person, f"test of {person}", counts=False) for person in persons))


async def waiting(held_archive: HeldArchive, project: Project) -> list[str]:
    calls = await held_by(held_archive, project)
    return [call.capture.message.message_id for call in calls if call.capture]


async def test_persons_are_looked_for_once_in_a_while_and_not_at_each_round(
    post: Post,
    release_for_plan: ReleaseForPlan,
    held_archive: HeldArchive,
    clock: StillClock,
    full: Project,
) -> None:
    found = []
    for person in ("1", "2"):
        await become_known(post, person)
        await release_for_plan(full.project_id)
        found.append(await waiting(held_archive, full))
    clock.advance(LOOK_AGAIN_SECONDS)
    await release_for_plan(full.project_id)

    assert found == [["m2"], ["m2"]]
    assert await waiting(held_archive, full) == []


async def test_while_nobody_writes_nothing_new_nobody_is_looked_for(
    post: Post,
    release_for_plan: ReleaseForPlan,
    held_archive: HeldArchive,
    clock: StillClock,
    full: Project,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await become_known(post, "3")
    await release_for_plan(full.project_id)
    await become_known(post, "3")
    clock.advance(LOOK_AGAIN_SECONDS)
    page, asked = held_archive.page, []

    async def asked_page(query: HeldQuery, **how: Any) -> Any:
        asked.append(query)
        return await page(query, **how)

    monkeypatch.setattr(held_archive, "page", asked_page)

    await release_for_plan(full.project_id)

    assert asked == []


async def test_whoever_was_not_noted_is_found_by_the_look_at_all(
    post: Post,
    release_for_plan: ReleaseForPlan,
    held_archive: HeldArchive,
    clock: StillClock,
    full: Project,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MOST_NOTED", 1)
    await become_known(post, "1", "2")
    await release_for_plan(full.project_id)
    noted = await waiting(held_archive, full)
    clock.advance(LOOK_AT_ALL_EVERY_SECONDS)

    await release_for_plan(full.project_id)

    assert noted == ["m2"]
    assert await waiting(held_archive, full) == []


async def test_what_was_to_make_no_lead_makes_none_when_there_are_places(
    change: Change,
    release_for_plan: ReleaseForPlan,
    held: HeldLedger,
    archive: LeadArchive,
    project: Project,
) -> None:
    links = [
        a_capture(project, identities=(a_phone(one), a_phone(two)), opens_lead=False)
        for one, two in ("12", "34")
    ]
    captures = [a_capture(project), *links]
    await held.hold([a_held_call(project, capture=capture) for capture in captures])
    await change(monthly_limit=3)

    await release_for_plan(project.project_id)

    assert len(await leads_of(archive, project)) == 1
