"""A project's webhook, and what releases what is held of its deliveries."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from adapters.inprocess import SlidingRateGuard
from adapters.sqlite import SqliteChannelRegister, SqliteProjectRegister
from application.authenticate_key import AuthenticateKey
from application.body_reader import BodyReader
from application.channel_activity import ChannelActivity
from application.channel_settings import ChannelSettings
from application.create_key import CreateKey
from application.find_owner import FindOwner
from application.fresh_cache import FreshCache
from application.keep_items import KeepItems
from application.lead_writer import LeadWriter
from application.ports.channel_register import SettingValues
from application.ports.held_archive import HeldArchive
from application.ports.held_ledger import HeldLedger
from application.ports.secret_box import SecretBox
from application.receive_webhook import ReceiveWebhook
from application.release_by_hand import ReleaseByHand
from application.release_for_plan import ReleaseForPlan
from application.release_held import ReleaseHeld
from application.release_listed import ReleaseListed
from application.release_rounds import ReleaseRounds
from application.unproven import ITEMS_PER_MINUTE, Turns
from domain.project import Project
from tests.application.deliveries.boxes import Boxes
from tests.application.deliveries.posting import Post
from tests.application.fakes import PostcardChannel
from tests.support.clocks import StillClock

Change = Callable[..., Awaitable[None]]


@pytest.fixture
def channel_settings(
    channel: PostcardChannel, register: SqliteChannelRegister, secret_box: SecretBox
) -> ChannelSettings:
    return ChannelSettings({"postcards": channel}, register, secret_box)


@pytest.fixture
def setting_cache(
    channel_settings: ChannelSettings, clock: StillClock
) -> FreshCache[tuple[str, str], SettingValues]:
    return FreshCache(lambda key: channel_settings.read(*key), clock)


@pytest.fixture
def find_owner(
    channel_settings: ChannelSettings,
    setting_cache: FreshCache[tuple[str, str], SettingValues],
    register: SqliteChannelRegister,
    clock: StillClock,
) -> FindOwner:
    listings = FreshCache(lambda key: register.projects_with(*key), clock)
    return FindOwner(channel_settings, setting_cache, listings)


@pytest.fixture
def release_held(
    held_archive: HeldArchive, held: HeldLedger, writer: LeadWriter, channel: PostcardChannel
) -> ReleaseHeld:
    return ReleaseHeld(held_archive, held, writer, {channel.name: channel})


@pytest.fixture
def release_for_plan(
    held_archive: HeldArchive,
    release_held: ReleaseHeld,
    project_cache: FreshCache[str, Project | None],
    clock: StillClock,
) -> ReleaseForPlan:
    return ReleaseForPlan(held_archive, release_held, project_cache, clock)


@pytest.fixture
def release_listed(
    held_archive: HeldArchive,
    release_held: ReleaseHeld,
    find_owner: FindOwner,
    channel: PostcardChannel,
) -> ReleaseListed:
    return ReleaseListed(held_archive, release_held, find_owner, {channel.name: channel})


@pytest.fixture
def release_by_hand(release_held: ReleaseHeld, find_owner: FindOwner) -> ReleaseByHand:
    return ReleaseByHand(release_held, find_owner)


@pytest.fixture
def rounds(
    held_archive: HeldArchive,
    held: HeldLedger,
    release_listed: ReleaseListed,
    release_for_plan: ReleaseForPlan,
    clock: StillClock,
) -> ReleaseRounds:
    return ReleaseRounds(held_archive, held, release_listed, release_for_plan, clock)


@pytest.fixture
async def post(
    authenticate: AuthenticateKey,
    channel_settings: ChannelSettings,
    setting_cache: FreshCache[tuple[str, str], SettingValues],
    find_owner: FindOwner,
    writer: LeadWriter,
    held: HeldLedger,
    held_archive: HeldArchive,
    release_for_plan: ReleaseForPlan,
    clock: StillClock,
    create_key: CreateKey,
    project: Project,
    channel: PostcardChannel,
    activity: ChannelActivity,
) -> Post:
    receive = ReceiveWebhook(
        authenticate,
        channel_settings,
        setting_cache,
        KeepItems(
            find_owner,
            writer,
            held,
            held_archive,
            SlidingRateGuard(ITEMS_PER_MINUTE, 60, clock),
            release_for_plan.note_person,
        ),
        activity,
        BodyReader(),
        Turns(clock),
        clock,
    )
    key = await create_key(project.project_id, channel="postcards")
    return Post(receive, channel_settings, channel, project, key.secret)


@pytest.fixture
def lists(post: Post, clock: StillClock) -> Boxes:
    return Boxes(post, clock)


@pytest.fixture
def change(projects: SqliteProjectRegister, project: Project, clock: StillClock) -> Change:
    """Changes the project of the deliveries, and lets it be in force."""

    async def change(**fields: Any) -> None:
        await projects.change(project.project_id, lambda old: replace(old, **fields))
        clock.advance(3)

    return change
