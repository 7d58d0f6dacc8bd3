"""The embedded adapters on a file of the test's own, and use cases over them."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.fernet import FernetSecretBox
from adapters.inprocess import SlidingRateGuard
from adapters.internet import PublishedAddressSyntax
from adapters.sqlite import (
    SqliteChannelLog,
    SqliteChannelRegister,
    SqliteDatabase,
    SqliteHeldArchive,
    SqliteHeldLedger,
    SqliteKeyRegister,
    SqliteLeadArchive,
    SqliteLeadLedger,
    SqliteProjectRegister,
)
from application.capture.capture_lead import CaptureLead
from application.capture.lead_writer import LeadWriter
from application.channels.channel_activity import ChannelActivity
from application.channels.channel_settings import ChannelSettings
from application.channels.route_item import RouteItem
from application.held.release import ReleaseHeld
from application.held.release_by_hand import ReleaseByHand
from application.held.release_for_plan import ReleaseForPlan
from application.held.release_listed import ReleaseListed
from application.held.release_loop import ReleaseLoop
from application.keys.authenticate import AuthenticateKey
from application.keys.create import CreateKey
from application.keys.key_usage import KeyUsage
from application.ports.address_syntax import AddressSyntax
from application.ports.held_archive import HeldArchive
from application.ports.held_ledger import HeldLedger
from application.ports.lead_archive import LeadArchive
from application.ports.lead_ledger import LeadLedger
from application.ports.secret_box import SecretBox
from application.process.settings_cache import SettingsCache
from application.receive.body_reader import BodyReader
from application.receive.keep_items import KeepItems
from application.receive.receive_webhook import ReceiveWebhook
from application.receive.unproven import ITEMS_PER_MINUTE, Turns
from domain.api_key import ApiKey
from domain.channel import SettingValues
from domain.project import Project
from tests.application.boxes import Boxes
from tests.application.capture.writers import StartWriter
from tests.application.fakes import PostcardChannel, WatchedLedger
from tests.application.posting import Post
from tests.support.builders import a_project
from tests.support.clocks import StillClock

# Its asserts explain themselves as those of collected modules do.
pytest.register_assert_rewrite("tests.application.channels.diagnoses")


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def syntax() -> AddressSyntax:
    return PublishedAddressSyntax()


@pytest.fixture
def secret_box(tmp_path: Path) -> SecretBox:
    return FernetSecretBox((), tmp_path / "secret.key")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[SqliteDatabase]:
    database = SqliteDatabase(tmp_path / "swiftcrm.db")
    database.open(create=True)
    yield database
    database.close()


@pytest.fixture
def projects(database: SqliteDatabase) -> SqliteProjectRegister:
    return SqliteProjectRegister(database)


@pytest.fixture
def keys(database: SqliteDatabase) -> SqliteKeyRegister:
    return SqliteKeyRegister(database)


@pytest.fixture
def register(database: SqliteDatabase) -> SqliteChannelRegister:
    return SqliteChannelRegister(database)


@pytest.fixture
def archive(database: SqliteDatabase) -> LeadArchive:
    return SqliteLeadArchive(database)


@pytest.fixture
def held(database: SqliteDatabase) -> HeldLedger:
    return SqliteHeldLedger(database)


@pytest.fixture
def held_archive(database: SqliteDatabase) -> HeldArchive:
    return SqliteHeldArchive(database)


@pytest.fixture
def ledger(database: SqliteDatabase) -> WatchedLedger:
    return WatchedLedger(SqliteLeadLedger(database))


@pytest.fixture
def project_cache(
    projects: SqliteProjectRegister, clock: StillClock
) -> SettingsCache[str, Project | None]:
    return SettingsCache(projects.find, clock)


@pytest.fixture
def key_cache(keys: SqliteKeyRegister, clock: StillClock) -> SettingsCache[bytes, ApiKey | None]:
    return SettingsCache(keys.find, clock)


@pytest.fixture
def usage(keys: SqliteKeyRegister, clock: StillClock) -> KeyUsage:
    return KeyUsage(keys, clock)


@pytest.fixture
def channel_log(database: SqliteDatabase) -> SqliteChannelLog:
    return SqliteChannelLog(database)


@pytest.fixture
def activity(channel_log: SqliteChannelLog, clock: StillClock) -> ChannelActivity:
    return ChannelActivity(channel_log, clock)


@pytest.fixture
def authenticate(
    key_cache: SettingsCache[bytes, ApiKey | None],
    project_cache: SettingsCache[str, Project | None],
    usage: KeyUsage,
) -> AuthenticateKey:
    return AuthenticateKey(key_cache, project_cache, usage)


@pytest.fixture
def create_key(keys: SqliteKeyRegister, clock: StillClock) -> CreateKey:
    return CreateKey(keys, clock)


@pytest.fixture
async def start_writer(
    ledger: LeadLedger, project_cache: SettingsCache[str, Project | None], clock: StillClock
) -> AsyncIterator[StartWriter]:
    start = StartWriter(ledger, project_cache, clock)
    yield start
    await start.stop_all()


@pytest.fixture
async def writer(start_writer: StartWriter) -> LeadWriter:
    return start_writer()


@pytest.fixture
async def project(projects: SqliteProjectRegister) -> Project:
    project = a_project()
    await projects.add(project)
    return project


@pytest.fixture
async def other(projects: SqliteProjectRegister) -> Project:
    project = a_project()
    await projects.add(project)
    return project


@pytest.fixture
def channel() -> PostcardChannel:
    return PostcardChannel()


@pytest.fixture
def capture(writer: LeadWriter, syntax: AddressSyntax, clock: StillClock) -> CaptureLead:
    return CaptureLead(writer, syntax, clock)


@pytest.fixture
async def small(projects: SqliteProjectRegister) -> Project:
    """A project with a place for one lead a month."""
    project = a_project(monthly_limit=1)
    await projects.add(project)
    return project


Change = Callable[..., Awaitable[None]]


@pytest.fixture
def channel_settings(
    channel: PostcardChannel, register: SqliteChannelRegister, secret_box: SecretBox
) -> ChannelSettings:
    return ChannelSettings({"postcards": channel}, register, secret_box)


@pytest.fixture
def setting_cache(
    channel_settings: ChannelSettings, clock: StillClock
) -> SettingsCache[tuple[str, str], SettingValues]:
    return SettingsCache(lambda key: channel_settings.read(*key), clock)


@pytest.fixture
def route_item(
    channel_settings: ChannelSettings,
    setting_cache: SettingsCache[tuple[str, str], SettingValues],
    register: SqliteChannelRegister,
    clock: StillClock,
) -> RouteItem:
    listings = SettingsCache(lambda key: register.projects_with(*key), clock)
    return RouteItem(channel_settings, setting_cache, listings)


@pytest.fixture
def release_held(
    held_archive: HeldArchive, held: HeldLedger, writer: LeadWriter, channel: PostcardChannel
) -> ReleaseHeld:
    return ReleaseHeld(held_archive, held, writer, {channel.name: channel})


@pytest.fixture
def release_for_plan(
    held_archive: HeldArchive,
    release_held: ReleaseHeld,
    project_cache: SettingsCache[str, Project | None],
    clock: StillClock,
) -> ReleaseForPlan:
    return ReleaseForPlan(held_archive, release_held, project_cache, clock)


@pytest.fixture
def release_listed(
    held_archive: HeldArchive,
    release_held: ReleaseHeld,
    route_item: RouteItem,
    channel: PostcardChannel,
) -> ReleaseListed:
    return ReleaseListed(held_archive, release_held, route_item, {channel.name: channel})


@pytest.fixture
def release_by_hand(release_held: ReleaseHeld, route_item: RouteItem) -> ReleaseByHand:
    return ReleaseByHand(release_held, route_item)


@pytest.fixture
def rounds(
    held_archive: HeldArchive,
    held: HeldLedger,
    release_listed: ReleaseListed,
    release_for_plan: ReleaseForPlan,
    clock: StillClock,
) -> ReleaseLoop:
    return ReleaseLoop(held_archive, held, release_listed, release_for_plan, clock)


@pytest.fixture
async def post(
    authenticate: AuthenticateKey,
    channel_settings: ChannelSettings,
    setting_cache: SettingsCache[tuple[str, str], SettingValues],
    route_item: RouteItem,
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
            route_item,
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
