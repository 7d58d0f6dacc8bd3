"""A database that is empty, open once here and once as another process would, per driver."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from pymongo import MongoClient, WriteConcern

from adapters.mongodb import (
    MongoDatabase,
    MongoHeldArchive,
    MongoHeldLedger,
    MongoLeadArchive,
    MongoLeadLedger,
    MongoProjectRegister,
)
from adapters.mongodb.connection.driver import CLIENTS
from domain.plan import Month
from domain.project import Project
from tests.contracts.recording import MakeHole, PassTime
from tests.support.clocks import ShiftedMonotonic
from tests.support.servers.mongod import RunningMongod, unused_name

Open = Callable[..., Awaitable[MongoDatabase]]


@pytest.fixture(params=CLIENTS)
def driver(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def shared_name() -> str:
    return unused_name()


@pytest.fixture
def name(request: pytest.FixtureRequest, shared_name: str) -> str:
    """One for all, emptied after each: its indexes are made once. A module may want its own."""
    return unused_name() if hasattr(request.module, "OWN_DATABASE") else shared_name


@pytest.fixture(scope="session")
def server(mongod: RunningMongod) -> Iterator[MongoClient[dict[str, Any]]]:
    with mongod.client() as client:
        yield client


@pytest.fixture
def url(
    mongod: RunningMongod, server: MongoClient[dict[str, Any]], name: str, shared_name: str
) -> Iterator[str]:
    """Emptied, or dropped: a server holds a file open for each index of each database."""
    yield mongod.url(name)
    if name != shared_name:
        server.drop_database(name)
        return
    database = server[name]
    for collection in database.list_collection_names():
        if collection != "about":
            database.get_collection(collection, write_concern=WriteConcern(1)).delete_many({})
    # One wait for the majority is enough for all of them: none is acknowledged before another.
    database["emptied"].insert_one({})


@pytest.fixture
async def open_store(driver: str) -> AsyncIterator[Open]:
    async with AsyncExitStack() as stack:

        async def open_store(url: str, *, create: bool = True) -> MongoDatabase:
            database = MongoDatabase(url, driver)
            await stack.enter_async_context(database.opened(create=create))
            return database

        yield open_store


@pytest.fixture
async def database(open_store: Open, url: str, name: str, made: set[str]) -> MongoDatabase:
    database = await open_store(url, create=name not in made)
    made.add(name)
    return database


@pytest.fixture(scope="session")
def made() -> set[str]:
    """The databases that are stores already, with all their indexes."""
    return set()


@pytest.fixture
async def other_database(open_store: Open, database: MongoDatabase, url: str) -> MongoDatabase:
    return await open_store(url, create=False)  # it is made: indexes take as long as many a test


@pytest.fixture
def monotonic() -> ShiftedMonotonic:
    return ShiftedMonotonic()


@pytest.fixture
def pass_time(monotonic: ShiftedMonotonic) -> PassTime:
    return monotonic.advance


@pytest.fixture
def ledger(database: MongoDatabase, monotonic: ShiftedMonotonic) -> MongoLeadLedger:
    return MongoLeadLedger(database, monotonic)


@pytest.fixture
def other_ledger(other_database: MongoDatabase, monotonic: ShiftedMonotonic) -> MongoLeadLedger:
    return MongoLeadLedger(other_database, monotonic)


@pytest.fixture
def archive(database: MongoDatabase) -> MongoLeadArchive:
    return MongoLeadArchive(database)


@pytest.fixture
def other_archive(other_database: MongoDatabase) -> MongoLeadArchive:
    return MongoLeadArchive(other_database)


@pytest.fixture
def held_ledger(database: MongoDatabase) -> MongoHeldLedger:
    return MongoHeldLedger(database)


@pytest.fixture
def other_held_ledger(other_database: MongoDatabase) -> MongoHeldLedger:
    return MongoHeldLedger(other_database)


@pytest.fixture
def held_archive(database: MongoDatabase) -> MongoHeldArchive:
    return MongoHeldArchive(database)


@pytest.fixture
def projects(database: MongoDatabase) -> MongoProjectRegister:
    return MongoProjectRegister(database)


@pytest.fixture
def make_hole(mongod: RunningMongod, name: str) -> MakeHole:
    async def make_hole(project: Project, month: Month, place: int) -> None:
        client: MongoClient[dict[str, object]]
        with mongod.client() as client:
            wanted = {"project_id": project.project_id, "month": str(month), "place": place}
            assert client[name].leads.delete_one(wanted).deleted_count == 1

    return make_hole
