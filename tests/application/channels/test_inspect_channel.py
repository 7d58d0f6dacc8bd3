from datetime import datetime, timedelta

import pytest

from application.channels.channel_settings import ChannelSettings
from application.channels.inspect_channel import InspectChannel
from domain.channel import ChannelEvent
from domain.held import NUMBER_NOT_LISTED, UNREADABLE
from domain.project import Project
from entrypoints.container import Container
from tests.application.fakes import PostcardChannel
from tests.support.builders import NOW, a_held_call

CHECKLIST = ("Is it stamped?", "Is there a letterbox?")
LATER = NOW + timedelta(seconds=1)


@pytest.fixture
def channel() -> PostcardChannel:
    channel = PostcardChannel()
    channel.checklist = CHECKLIST
    return channel


@pytest.fixture
def settings(container: Container) -> ChannelSettings:
    return container.channel_settings()


@pytest.fixture
def inspect(container: Container) -> InspectChannel:
    return container.inspect_channel()


async def test_the_last_moments_are_the_projects_and_the_channels(
    inspect: InspectChannel, container: Container, project: Project, other: Project
) -> None:
    delivery = (project.project_id, "postcards", ChannelEvent.DELIVERY)
    await container.channel_log().mark({delivery: NOW, (other.project_id, *delivery[1:]): LATER})
    report = await inspect(project.project_id, "postcards")

    assert report.last == {ChannelEvent.DELIVERY: NOW}
    assert report.view.channel == "postcards"


async def test_nothing_is_expected_of_a_channel_that_nobody_set_up_or_verified(
    inspect: InspectChannel, channel: PostcardChannel, project: Project
) -> None:
    channel.asks = True
    report = await inspect(project.project_id, "postcards")

    assert report.asks_challenge
    assert report.checklist == ()


async def test_of_a_channel_that_is_never_verified_something_is_expected_from_the_start(
    inspect: InspectChannel, project: Project
) -> None:
    report = await inspect(project.project_id, "postcards")

    assert not report.asks_challenge
    assert report.checklist == CHECKLIST


async def test_a_channel_that_was_verified_and_has_no_delivery_has_a_checklist(
    inspect: InspectChannel, channel: PostcardChannel, container: Container, project: Project
) -> None:
    channel.asks = True
    await container.channel_log().mark(
        {(project.project_id, "postcards", ChannelEvent.CHALLENGE): NOW}
    )
    report = await inspect(project.project_id, "postcards")

    assert report.checklist == CHECKLIST


async def test_a_channel_that_was_set_up_and_has_no_delivery_has_a_checklist(
    inspect: InspectChannel, channel: PostcardChannel, settings: ChannelSettings, project: Project
) -> None:
    channel.asks = True
    await settings.change(project.project_id, "postcards", {"color": ["red"]})
    report = await inspect(project.project_id, "postcards")

    assert report.checklist == CHECKLIST


async def test_deliveries_that_brought_nothing_leave_the_checklist_and_that_is_said(
    inspect: InspectChannel, settings: ChannelSettings, container: Container, project: Project
) -> None:
    await settings.change(project.project_id, "postcards", {"color": ["red"]})
    await container.channel_log().mark(
        {(project.project_id, "postcards", ChannelEvent.DELIVERY): NOW}
    )
    report = await inspect(project.project_id, "postcards")

    assert report.brings_nothing
    assert report.checklist == CHECKLIST


@pytest.mark.parametrize("event", [ChannelEvent.ITEM, ChannelEvent.BAD_SIGNATURE])
async def test_whatever_arrives_ends_the_checklist(
    inspect: InspectChannel,
    settings: ChannelSettings,
    container: Container,
    project: Project,
    event: ChannelEvent,
) -> None:
    await settings.change(project.project_id, "postcards", {"color": ["red"]})
    await container.channel_log().mark({(project.project_id, "postcards", event): NOW})
    report = await inspect(project.project_id, "postcards")

    assert not report.brings_nothing
    assert report.checklist == ()


@pytest.mark.parametrize(
    ("good", "bad", "is_signed_wrongly"),
    [
        (None, None, False),
        (NOW, None, False),
        (None, NOW, True),
        (NOW, LATER, True),
        (LATER, NOW, False),
    ],
)
async def test_a_bad_signature_matters_until_the_next_good_one(
    inspect: InspectChannel,
    container: Container,
    project: Project,
    good: datetime | None,
    bad: datetime | None,
    is_signed_wrongly: bool,
) -> None:
    for event, moment in ((ChannelEvent.DELIVERY, good), (ChannelEvent.BAD_SIGNATURE, bad)):
        if moment is not None:
            await container.channel_log().mark({(project.project_id, "postcards", event): moment})
    report = await inspect(project.project_id, "postcards")

    assert report.is_signed_wrongly is is_signed_wrongly


async def test_boxes_that_another_project_lists_too_are_named_with_it(
    inspect: InspectChannel, settings: ChannelSettings, project: Project, other: Project
) -> None:
    for owner, boxes in ((project, ["1", "2", "3"]), (other, ["3", "4", "2"])):
        await settings.change(owner.project_id, "postcards", {"boxes": boxes})
    report = await inspect(project.project_id, "postcards")

    assert report.listed_by_others == {other: ["2", "3"]}


async def test_nothing_is_listed_twice_by_projects_with_boxes_of_their_own(
    inspect: InspectChannel, settings: ChannelSettings, project: Project, other: Project
) -> None:
    for owner, boxes in ((project, ["1"]), (other, ["11"])):
        await settings.change(owner.project_id, "postcards", {"boxes": boxes, "color": ["red"]})
    report = await inspect(project.project_id, "postcards")

    assert report.listed_by_others == {}


async def test_what_is_held_for_unlisted_numbers_is_counted(
    inspect: InspectChannel,
    channel: PostcardChannel,
    container: Container,
    project: Project,
    other: Project,
) -> None:
    usual = {"channel": "postcards", "code": NUMBER_NOT_LISTED, "origin": "a"}
    odd = ({"origin": "b"}, {"code": UNREADABLE}, {"channel": "whatsapp"}, {"origin": None})
    calls = [a_held_call(project, **(usual | fields)) for fields in ({}, {}, *odd)]
    await container.held_ledger().hold([*calls, a_held_call(other, **usual)])
    report = await inspect(project.project_id, "postcards")
    channel.settings = [setting for setting in channel.settings if not setting.recipients]
    without = await inspect(project.project_id, "postcards")

    assert without.unlisted_numbers is None
    assert report.unlisted_numbers == {"a": 2, "b": 1}
