"""A container over a store of the test's own: what a process is made of, at the test's command."""

from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import pytest

from application.capture.capture_lead import CaptureLead
from application.capture.lead_writer import LeadWriter, WriterLimits
from application.keys.authenticate import AuthenticateKey
from application.keys.create import CreateKey
from application.ports.key_register import KeyRegister
from application.ports.lead_channel import LeadChannel
from application.ports.project_register import ProjectRegister
from domain.project import Project
from entrypoints.container import Container
from entrypoints.process.lifecycle import opened_store
from entrypoints.process.settings import Settings
from tests.application.capture.writers import StartWriter
from tests.application.fakes import PostcardChannel, WatchedLedger
from tests.application.posting import Post
from tests.support.builders import a_project
from tests.support.clocks import StillClock
from tests.support.servers.mongod import RunningMongod, unused_name
from tests.support.stores import SQLITE

# Its asserts explain themselves as those of collected modules do.
pytest.register_assert_rewrite("tests.application.channels.diagnoses")


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def channel() -> PostcardChannel:
    return PostcardChannel()


@pytest.fixture
def channels(channel: PostcardChannel) -> Mapping[str, LeadChannel]:
    return {channel.name: channel}


@pytest.fixture(scope="session")
def mongodb_url(mongod: RunningMongod) -> Iterator[str]:
    """A database for all: each test has projects of its own."""
    name = unused_name()
    yield mongod.url(name)
    with mongod.client() as client:
        client.drop_database(name)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The embedded store, or the one that a test names as the parameter."""
    if getattr(request, "param", SQLITE) == SQLITE:
        return f"sqlite:///{tmp_path}/swiftcrm.db"
    return str(request.getfixturevalue("mongodb_url"))


@pytest.fixture
async def container(
    database_url: str, clock: StillClock, channels: Mapping[str, LeadChannel]
) -> AsyncIterator[Container]:
    """Its clock stands still, its ledger is watched, and nothing runs in it that nobody started."""
    container = Container(
        settings=Settings(
            _env_file=None,
            database_url=database_url,
            redis_url="memory://",
            public_url="https://crm.example.com",
        ),
        clock=clock,
        channels=channels,
        # A write that a test holds is not slow: nothing is written beside it unasked.
        writer_limits=WriterLimits(
            retry_pause_seconds=0.0, patience_seconds=60.0, longest_patience_seconds=60.0
        ),
    )
    container.ledger.override(WatchedLedger(container.ledger()))
    async with opened_store(container, create=True):
        yield container


@pytest.fixture
def ledger(container: Container) -> WatchedLedger:
    return container.ledger()


@pytest.fixture
def projects(container: Container) -> ProjectRegister:
    return container.projects()


@pytest.fixture
def keys(container: Container) -> KeyRegister:
    return container.keys()


@pytest.fixture
def create_key(container: Container) -> CreateKey:
    return container.create_key()


@pytest.fixture
def authenticate(container: Container) -> AuthenticateKey:
    return container.authenticate_key()


@pytest.fixture
async def start_writer(container: Container) -> AsyncIterator[StartWriter]:
    start = StartWriter(container)
    yield start
    await start.stop()


@pytest.fixture
async def writer(start_writer: StartWriter) -> LeadWriter:
    return start_writer()


@pytest.fixture
def capture(container: Container, writer: LeadWriter) -> CaptureLead:
    return container.capture_lead()


async def kept(container: Container, project: Project) -> Project:
    await container.projects().add(project)
    return project


@pytest.fixture
async def project(container: Container) -> Project:
    return await kept(container, a_project())


@pytest.fixture
async def other(container: Container) -> Project:
    return await kept(container, a_project())


@pytest.fixture
async def small(container: Container) -> Project:
    """A project with a place for one lead a month."""
    return await kept(container, a_project(monthly_limit=1))


@pytest.fixture
async def post(
    container: Container, writer: LeadWriter, project: Project, channel: PostcardChannel
) -> Post:
    key = await container.create_key()(project.project_id, channel=channel.name)
    return Post(container, channel, project, key.secret)
