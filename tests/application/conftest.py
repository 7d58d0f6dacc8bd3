"""The embedded adapters on a file of the test's own, and use cases over them."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

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
from application.create_key import CreateKey
from application.fresh_cache import FreshCache
from application.key_usage import KeyUsage
from application.lead_writer import LeadWriter
from application.ports.held_archive import HeldArchive
from application.ports.held_ledger import HeldLedger
from application.ports.internet_names import InternetNames
from application.ports.lead_archive import LeadArchive
from application.ports.lead_ledger import LeadLedger
from application.ports.secret_box import SecretBox
from domain.api_key import ApiKey
from domain.project import Project
from tests.application.fakes import PostcardChannel, WatchedLedger
from tests.application.writers import StartWriter
from tests.support.builders import a_project
from tests.support.clocks import StillClock

# Its asserts explain themselves as those of collected modules do.
pytest.register_assert_rewrite("tests.application.diagnoses")


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
def capture(writer: LeadWriter, names: InternetNames, clock: StillClock) -> CaptureLead:
    return CaptureLead(writer, names, clock)


@pytest.fixture
async def small(projects: SqliteProjectRegister) -> Project:
    """A project with a place for one lead a month."""
    project = a_project(monthly_limit=1)
    await projects.add(project)
    return project
