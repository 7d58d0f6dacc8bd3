"""What an operator releases becomes leads, as far as there are places."""

from dataclasses import replace

import pytest

from application.held.release import PAGE, ReleaseCount
from domain.capture import Capture, NotKept, NotKeptBecause, Outcome
from domain.delivery import Unreadable
from domain.errors import StorageUnavailable
from domain.held import PLAN_LIMIT_REACHED, UNREADABLE, HeldQuery
from domain.project import Project
from domain.refusals import Overloaded
from entrypoints.container import Container
from tests.application.fakes import POISON, a_postcard
from tests.application.in_force import change
from tests.application.kept import held_by, leads_of
from tests.application.posting import Post


async def test_what_could_not_be_read_becomes_a_lead_with_the_text_among_its_attributes(
    post: Post, container: Container, project: Project
) -> None:
    await post(Unreadable(raw='{"odd": 1}'), request_id="req_1")
    (call,) = await held_by(container, project)

    tally = await container.release_held()(HeldQuery(project_id=project.project_id))

    (lead,) = await leads_of(container, project)
    assert tally == ReleaseCount(released=1, still_held=0)
    assert lead.details.present() == {"attributes": {"unreadable": '{"odd": 1}'}}
    assert (lead.request_id, lead.captured_at, lead.channel) == ("req_1", call.at, "postcards")
    assert await held_by(container, project) == []


async def test_what_could_not_be_read_and_comes_again_after_its_release_makes_no_second_lead(
    post: Post, container: Container, project: Project
) -> None:
    for _ in range(2):
        await post(Unreadable(raw='{"odd": 1}'))
        await container.release_held()(HeldQuery(project_id=project.project_id))

    assert len(await leads_of(container, project)) == 1


async def test_what_has_no_place_waits_on(
    post: Post, container: Container, project: Project
) -> None:
    await change(container, project, monthly_limit=0)
    await post(a_postcard("1"), Unreadable(raw="1"))
    await change(container, project, monthly_limit=1)

    tally = await container.release_held()(HeldQuery(project_id=project.project_id))

    assert tally == ReleaseCount(released=1, still_held=1)
    assert [call.code for call in await held_by(container, project)] == [UNREADABLE]


async def test_only_what_was_asked_for_is_released(
    post: Post, container: Container, project: Project
) -> None:
    await post(*(Unreadable(raw=str(number)) for number in range(4)))
    calls = await held_by(container, project)
    wanted = [calls[1].held_id, calls[3].held_id]

    tally = await container.release_held()(
        HeldQuery(project_id=project.project_id, held_ids=wanted)
    )

    assert tally == ReleaseCount(released=2, still_held=0)
    assert [call.body for call in await held_by(container, project)] == ["0", "2"]


async def test_many_are_released_page_by_page(
    post: Post, container: Container, project: Project
) -> None:
    await change(container, project, monthly_limit=0)
    count = PAGE + 2
    await post(*(a_postcard(str(number), f"m{number}") for number in range(count)))
    await change(container, project, monthly_limit=None)

    tally = await container.release_held()(
        HeldQuery(project_id=project.project_id, code=PLAN_LIMIT_REACHED)
    )

    assert tally == ReleaseCount(released=count, still_held=0)
    ids = [lead.messages[0].message_id for lead in await leads_of(container, project)]
    assert ids == [f"m{number}" for number in range(count)]


async def test_one_that_meets_a_defect_does_not_keep_the_others_from_being_released(
    post: Post, container: Container, project: Project
) -> None:
    await change(container, project, monthly_limit=0)
    await post(a_postcard("1"), a_postcard("2"), a_postcard("3"))
    await change(container, project, monthly_limit=None)
    (_, second, _) = await held_by(container, project)

    async def prepare(call):
        if call.held_id == second.held_id:
            return replace(call.capture, details=replace(call.capture.details, name=POISON))
        return call.capture

    tally = await container.release_held()(HeldQuery(project_id=project.project_id), prepare)

    assert tally == ReleaseCount(released=2, still_held=1)
    assert len(await leads_of(container, project)) == 2
    assert [call.code for call in await held_by(container, project)] == [UNREADABLE]


async def test_what_no_store_can_take_waits_on_as_unreadable(
    post: Post, container: Container, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    await change(container, project, monthly_limit=0)
    await post(a_postcard("1"))

    async def cannot(_: Capture) -> Outcome:
        return NotKept(NotKeptBecause.UNWRITABLE)

    monkeypatch.setattr(container.writer(), "write", cannot)

    tally = await container.release_held()(HeldQuery(project_id=project.project_id))

    assert tally == ReleaseCount(released=0, still_held=1)
    assert [call.code for call in await held_by(container, project)] == [UNREADABLE]


@pytest.mark.parametrize("error", [StorageUnavailable("down"), Overloaded(retry_after_seconds=1)])
async def test_what_was_recorded_beside_one_that_was_not_is_held_no_longer(
    post: Post,
    container: Container,
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
) -> None:
    await post(*(Unreadable(raw=str(number)) for number in range(3)))
    write = container.writer().write

    async def write_others(capture: Capture) -> Outcome:
        if capture.details.attributes == {"unreadable": "1"}:
            raise error
        return await write(capture)

    monkeypatch.setattr(container.writer(), "write", write_others)

    with pytest.raises(type(error)):
        await container.release_held()(HeldQuery(project_id=project.project_id))

    assert [call.body for call in await held_by(container, project)] == ["1"]
