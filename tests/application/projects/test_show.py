import pytest

from application.capture.capture_lead import CaptureLead, Submission
from application.keys.create import CreateKey
from application.ports.key_register import KeyRegister
from application.projects.show import ShowProject
from domain.errors import NotFound
from domain.held import PLAN_LIMIT_REACHED, UNREADABLE
from domain.project import Project
from entrypoints.container import Container
from tests.support.builders import a_held_call
from tests.support.clocks import StillClock


@pytest.fixture
def show(container: Container) -> ShowProject:
    return container.show_project()


async def test_the_usage_is_the_places_taken_this_month(
    show: ShowProject, capture: CaptureLead, clock: StillClock, project: Project, other: Project
) -> None:
    for number, whose in enumerate((project, project, other)):
        await capture(Submission(project_id=whose.project_id, request_id=f"req_{number}", body={}))
    now = await show(project.name)
    clock.advance(40 * 24 * 3600)
    later = await show(project.project_id)

    assert (str(now.month), now.places_taken) == ("2026-11", 2)
    assert (str(later.month), later.places_taken) == ("2027-01", 0)


async def test_ordinary_keys_and_channels_are_shown_apart(
    show: ShowProject, create_key: CreateKey, project: Project
) -> None:
    made = await create_key(project.project_id, label="page")
    await show(project.name)
    view = await show(project.name)

    assert [key.key_id for key in view.keys] == [made.kept.key_id]
    assert [channel.channel for channel in view.channels] == ["postcards"]


async def test_a_channel_that_nobody_looked_at_has_no_webhook_and_gets_none_by_this(
    show: ShowProject, keys: KeyRegister, container: Container, project: Project
) -> None:
    (channel,) = (await show(project.name)).channels

    assert (channel.webhook_url, channel.key_id) == ("", "")
    assert await keys.of_project(project.project_id) == []
    assert await container.channel_register().get(project.project_id, "postcards") == {}


async def test_a_channels_revoked_key_is_not_shown(
    show: ShowProject, create_key: CreateKey, keys: KeyRegister, clock: StillClock, project: Project
) -> None:
    made = await create_key(project.project_id, channel="postcards")
    (before,) = (await show(project.name)).channels
    await keys.revoke(made.kept.key_id, clock.now())
    (after,) = (await show(project.name)).channels

    assert before.key_id == made.kept.key_id
    assert before.webhook_url.endswith(f"/api/postcards/webhook?api_key={made.secret}")
    assert after.key_id == ""


async def test_a_project_that_does_not_exist_is_not_found(show: ShowProject) -> None:
    with pytest.raises(NotFound):
        await show("nobody")


async def test_what_waits_is_counted_whatever_it_waits_for(
    show: ShowProject, container: Container, project: Project, other: Project
) -> None:
    codes = (PLAN_LIMIT_REACHED, UNREADABLE)
    await container.held_ledger().hold(
        [a_held_call(which, code=c) for which in (project, other) for c in codes]
    )
    await container.held_ledger().hold([a_held_call(other)])

    assert (await show(project.project_id)).held == 2
