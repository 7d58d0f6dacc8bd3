"""The embedded adapters on a file of the test's own, and use cases over them."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.fernet import FernetSecretBox
from adapters.internet import PublishedInternetNames
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
from application.authenticate_key import AuthenticateKey
from application.capture_lead import CaptureLead
from application.channel_activity import ChannelActivity
from application.channel_settings import ChannelSettings
from application.create_key import CreateKey
from application.find_owner import FindOwner
from application.fresh_cache import FreshCache
from application.keep_items import KeepItems
from application.key_usage import KeyUsage
from application.lead_writer import LeadWriter
from application.ports.channel_register import SettingValues
from application.ports.held_archive import HeldArchive
from application.ports.held_ledger import HeldLedger
from application.ports.internet_names import InternetNames
from application.ports.lead_archive import LeadArchive
from application.ports.lead_ledger import LeadLedger
from application.ports.secret_box import SecretBox
from application.receive_webhook import ReceiveWebhook
from application.release_for_plan import ReleaseForPlan
from application.release_held import ReleaseHeld
from application.release_listed import ReleaseListed
from application.writer_limits import WriterLimits
from domain.api_key import ApiKey
from domain.project import Project
from tests.application.fakes import PostcardChannel, WatchedLedger
from tests.application.webhooks import Post
from tests.support.builders import a_project
from tests.support.clocks import StillClock

StartWriter = Callable[..., LeadWriter]


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def names() -> InternetNames:
    return PublishedInternetNames()


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
) -> FreshCache[str, Project | None]:
    return FreshCache(projects.find, clock)


@pytest.fixture
def key_cache(keys: SqliteKeyRegister, clock: StillClock) -> FreshCache[bytes, ApiKey | None]:
    return FreshCache(keys.find, clock)


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
    key_cache: FreshCache[bytes, ApiKey | None],
    project_cache: FreshCache[str, Project | None],
    usage: KeyUsage,
) -> AuthenticateKey:
    return AuthenticateKey(key_cache, project_cache, usage)


@pytest.fixture
def create_key(keys: SqliteKeyRegister, clock: StillClock) -> CreateKey:
    return CreateKey(keys, clock)


@pytest.fixture
async def start_writer(
    ledger: LeadLedger, project_cache: FreshCache[str, Project | None], clock: StillClock
) -> AsyncIterator[StartWriter]:
    """Starts a writer with such limits, over another cache of projects if need be."""
    started: list[LeadWriter] = []

    def start(cache: FreshCache[str, Project | None] = project_cache, **limits: Any) -> LeadWriter:
        defaults = {"retry_pause_seconds": 0.0}
        writer = LeadWriter(ledger, cache, clock, WriterLimits(**(defaults | limits)))
        writer.start()
        started.append(writer)
        return writer

    yield start
    for writer in started:
        await writer.stop(timeout_seconds=0.1)


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
def release_held(held_archive: HeldArchive, held: HeldLedger, writer: LeadWriter) -> ReleaseHeld:
    return ReleaseHeld(held_archive, held, writer)


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
    setting_cache: FreshCache[tuple[str, str], SettingValues],
) -> ReleaseListed:
    channels = {channel.name: channel}
    return ReleaseListed(held_archive, release_held, find_owner, channels, setting_cache)


@pytest.fixture
async def post(
    authenticate: AuthenticateKey,
    channel_settings: ChannelSettings,
    setting_cache: FreshCache[tuple[str, str], SettingValues],
    find_owner: FindOwner,
    writer: LeadWriter,
    held: HeldLedger,
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
        KeepItems(find_owner, writer, held, release_for_plan.note_person),
        activity,
        clock,
    )
    key = await create_key(project.project_id, channel="postcards")
    return Post(receive, channel_settings, channel, project, key.secret)


@pytest.fixture
def capture(writer: LeadWriter, names: InternetNames, clock: StillClock) -> CaptureLead:
    return CaptureLead(writer, names, clock)


@pytest.fixture
async def small(projects: SqliteProjectRegister) -> Project:
    """A project with a place for one lead a month."""
    project = a_project(monthly_limit=1)
    await projects.add(project)
    return project
