import pytest

from adapters.sqlite import SqliteChannelRegister, SqliteKeyRegister, SqliteProjectRegister
from application.capture.capture_lead import CaptureLead, Submission
from application.channels.channel_settings import ChannelSettings
from application.channels.show_channel import ShowChannel
from application.keys.create import CreateKey
from application.ports.held_archive import HeldArchive
from application.ports.held_ledger import HeldLedger
from application.ports.lead_archive import LeadArchive
from application.ports.secret_box import SecretBox
from application.projects.find import FindProject
from application.projects.show import ShowProject
from domain.errors import NotFound
from domain.held import PLAN_LIMIT_REACHED, UNREADABLE
from domain.project import Project
from tests.application.fakes import PostcardChannel
from tests.support.builders import a_held_call
from tests.support.clocks import StillClock


@pytest.fixture
def show(
    projects: SqliteProjectRegister,
    archive: LeadArchive,
    held_archive: HeldArchive,
    keys: SqliteKeyRegister,
    register: SqliteChannelRegister,
    secret_box: SecretBox,
    create_key: CreateKey,
    clock: StillClock,
) -> ShowProject:
    channels = {"postcards": PostcardChannel()}
    settings = ChannelSettings(channels, register, secret_box)
    show_channel = ShowChannel(settings, create_key, "https://crm.example.com")
    return ShowProject(
        FindProject(projects), archive, held_archive, keys, show_channel, channels, clock
    )


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
    show: ShowProject, keys: SqliteKeyRegister, register: SqliteChannelRegister, project: Project
) -> None:
    (channel,) = (await show(project.name)).channels

    assert (channel.webhook_url, channel.key_id) == ("", "")
    assert await keys.of_project(project.project_id) == []
    assert await register.get(project.project_id, "postcards") == {}


async def test_a_channels_revoked_key_is_not_shown(
    show: ShowProject,
    create_key: CreateKey,
    keys: SqliteKeyRegister,
    clock: StillClock,
    project: Project,
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
    show: ShowProject, held: HeldLedger, project: Project, other: Project
) -> None:
    codes = (PLAN_LIMIT_REACHED, UNREADABLE)
    await held.hold([a_held_call(which, code=c) for which in (project, other) for c in codes])
    await held.hold([a_held_call(other)])

    assert (await show(project.project_id)).held == 2
