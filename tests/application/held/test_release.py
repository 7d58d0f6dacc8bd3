"""What an operator releases becomes leads, as far as there are places."""

from dataclasses import replace

import pytest

from adapters.sqlite import SqliteProjectRegister
from application.capture.lead_writer import LeadWriter
from application.held.release import PAGE, ReleaseCount, ReleaseHeld
from application.ports.held_archive import HeldArchive
from application.ports.lead_archive import LeadArchive
from domain.capture import Capture, NotKept, NotKeptBecause, Outcome
from domain.delivery import Unreadable
from domain.errors import StorageUnavailable
from domain.held import PLAN_LIMIT_REACHED, UNREADABLE, HeldQuery
from domain.project import Project
from domain.refusals import Overloaded
from tests.application.fakes import POISON, a_postcard
from tests.application.kept import held_by, leads_of
from tests.application.posting import Post
from tests.support.clocks import StillClock


async def limit(projects: SqliteProjectRegister, project: Project, places: int | None) -> None:
    await projects.change(project.project_id, lambda old: replace(old, monthly_limit=places))


async def test_what_could_not_be_read_becomes_a_lead_with_the_text_among_its_attributes(
    post: Post,
    release_held: ReleaseHeld,
    archive: LeadArchive,
    held_archive: HeldArchive,
    project: Project,
) -> None:
    await post(Unreadable(raw='{"odd": 1}'), request_id="req_1")
    (call,) = await held_by(held_archive, project)

    tally = await release_held(HeldQuery(project_id=project.project_id))

    (lead,) = await leads_of(archive, project)
    assert tally == ReleaseCount(released=1, still_held=0)
    assert lead.details.present() == {"attributes": {"unreadable": '{"odd": 1}'}}
    assert (lead.request_id, lead.captured_at, lead.channel) == ("req_1", call.at, "postcards")
    assert await held_by(held_archive, project) == []


async def test_what_could_not_be_read_and_comes_again_after_its_release_makes_no_second_lead(
    post: Post, release_held: ReleaseHeld, archive: LeadArchive, project: Project
) -> None:
    for _ in range(2):
        await post(Unreadable(raw='{"odd": 1}'))
        await release_held(HeldQuery(project_id=project.project_id))

    assert len(await leads_of(archive, project)) == 1


async def test_what_has_no_place_waits_on(
    post: Post,
    release_held: ReleaseHeld,
    projects: SqliteProjectRegister,
    held_archive: HeldArchive,
    clock: StillClock,
    project: Project,
) -> None:
    await limit(projects, project, 0)
    await post(a_postcard("1"), Unreadable(raw="1"))
    await limit(projects, project, 1)
    clock.advance(3)

    tally = await release_held(HeldQuery(project_id=project.project_id))

    assert tally == ReleaseCount(released=1, still_held=1)
    assert [call.code for call in await held_by(held_archive, project)] == [UNREADABLE]


async def test_only_what_was_asked_for_is_released(
    post: Post, release_held: ReleaseHeld, held_archive: HeldArchive, project: Project
) -> None:
    await post(*(Unreadable(raw=str(number)) for number in range(4)))
    calls = await held_by(held_archive, project)
    wanted = [calls[1].held_id, calls[3].held_id]

    tally = await release_held(HeldQuery(project_id=project.project_id, held_ids=wanted))

    assert tally == ReleaseCount(released=2, still_held=0)
    assert [call.body for call in await held_by(held_archive, project)] == ["0", "2"]


async def test_many_are_released_page_by_page(
    post: Post,
    release_held: ReleaseHeld,
    projects: SqliteProjectRegister,
    archive: LeadArchive,
    clock: StillClock,
    project: Project,
) -> None:
    await limit(projects, project, 0)
    count = PAGE + 2
    await post(*(a_postcard(str(number), f"m{number}") for number in range(count)))
    await limit(projects, project, None)
    clock.advance(3)

    tally = await release_held(HeldQuery(project_id=project.project_id, code=PLAN_LIMIT_REACHED))

    assert tally == ReleaseCount(released=count, still_held=0)
    ids = [lead.messages[0].message_id for lead in await leads_of(archive, project)]
    assert ids == [f"m{number}" for number in range(count)]


async def test_one_that_meets_a_defect_does_not_keep_the_others_from_being_released(
    post: Post,
    release_held: ReleaseHeld,
    projects: SqliteProjectRegister,
    held_archive: HeldArchive,
    archive: LeadArchive,
    clock: StillClock,
    project: Project,
) -> None:
    await limit(projects, project, 0)
    await post(a_postcard("1"), a_postcard("2"), a_postcard("3"))
    await limit(projects, project, None)
    clock.advance(3)
    (_, second, _) = await held_by(held_archive, project)

    async def prepare(call):
        if call.held_id == second.held_id:
            return replace(call.capture, details=replace(call.capture.details, name=POISON))
        return call.capture

    tally = await release_held(HeldQuery(project_id=project.project_id), prepare)

    assert tally == ReleaseCount(released=2, still_held=1)
    assert len(await leads_of(archive, project)) == 2
    assert [call.code for call in await held_by(held_archive, project)] == [UNREADABLE]


async def test_what_no_store_can_take_waits_on_as_unreadable(
    post: Post,
    release_held: ReleaseHeld,
    projects: SqliteProjectRegister,
    held_archive: HeldArchive,
    writer: LeadWriter,
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await limit(projects, project, 0)
    await post(a_postcard("1"))

    async def cannot(_: Capture) -> Outcome:
        return NotKept(NotKeptBecause.UNWRITABLE)

    monkeypatch.setattr(writer, "write", cannot)

    tally = await release_held(HeldQuery(project_id=project.project_id))

    assert tally == ReleaseCount(released=0, still_held=1)
    assert [call.code for call in await held_by(held_archive, project)] == [UNREADABLE]


@pytest.mark.parametrize("error", [StorageUnavailable("down"), Overloaded(retry_after_seconds=1)])
async def test_what_was_recorded_beside_one_that_was_not_is_held_no_longer(
    post: Post,
    release_held: ReleaseHeld,
    held_archive: HeldArchive,
    writer: LeadWriter,
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
) -> None:
    await post(*(Unreadable(raw=str(number)) for number in range(3)))
    write = writer.write

    async def write_others(capture: Capture) -> Outcome:
        if capture.details.attributes == {"unreadable": "1"}:
            raise error
        return await write(capture)

    monkeypatch.setattr(writer, "write", write_others)

    with pytest.raises(type(error)):
        await release_held(HeldQuery(project_id=project.project_id))

    assert [call.body for call in await held_by(held_archive, project)] == ["1"]
