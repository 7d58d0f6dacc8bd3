"""A server that comes late, is slow, hangs or is lost, and is found again."""

import asyncio
from collections.abc import Iterator

import pytest

from adapters.mongodb import MongoDatabase, MongoProjectRegister
from adapters.mongodb.connection import database, schema
from adapters.mongodb.connection.collections import Collections
from domain.errors import StorageUnavailable
from tests.adapters.mongodb.conftest import Open
from tests.support.servers.mongod import Mongod, RunningMongod
from tests.support.servers.mongod import mongod as mongod_process

OWN_DATABASE = True
PATIENCE_SECONDS = 20
WRITES_UNDER_WAY = 20


@pytest.fixture(scope="module")
def own_mongod() -> Iterator[Mongod]:
    with mongod_process() as server:
        yield server


async def test_a_server_that_comes_later_is_prepared_when_it_comes(
    own_mongod: Mongod, driver: str
) -> None:
    database = MongoDatabase(own_mongod.url(), driver)
    projects = MongoProjectRegister(database)
    own_mongod.kill()
    try:
        async with database.opened(create=True, patient=True):
            with pytest.raises(StorageUnavailable):
                await projects.all()
            await asyncio.to_thread(own_mongod.start)
            await until_it_answers(projects)
    finally:
        own_mongod.kill()
        own_mongod.start()


async def test_after_an_outage_work_goes_on_with_the_same_client(
    own_mongod: Mongod, open_store: Open
) -> None:
    projects = MongoProjectRegister(await open_store(own_mongod.url()))
    await projects.all()
    await asyncio.to_thread(own_mongod.kill)
    with pytest.raises(StorageUnavailable):
        await projects.all()
    await asyncio.to_thread(own_mongod.start)

    await until_it_answers(projects)


@pytest.mark.parametrize("seconds", [0.002, 0.2, 0.7])
async def test_a_server_that_is_slow_is_not_away(
    mongod: RunningMongod, database: MongoDatabase, seconds: float
) -> None:
    with database.work() as store:
        ours = store.projects.full_name  # others ask this server, too: one of theirs may be slow
    with mongod.failing("find", namespace=ours, blockConnection=True, blockTimeMS=2000, times=1):
        with pytest.raises(StorageUnavailable), database.work(seconds) as store:
            await store.projects.find_one({})

        for _ in range(5):
            with database.work() as store:
                await store.keys.count_documents({})


async def test_a_server_that_hangs_is_away_before_everybody_has_waited_for_it(
    own_mongod: Mongod, open_store: Open
) -> None:
    database = await open_store(own_mongod.url())
    own_mongod.freeze()
    try:
        with pytest.raises(StorageUnavailable), database.work(0.6) as store:
            await store.projects.find_one({})
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not is_refused_at_once(database):  # noqa: ASYNC110  the store tells nobody
                await asyncio.sleep(0.01)
    finally:
        own_mongod.thaw()

    await until_it_answers(MongoProjectRegister(database))


def is_refused_at_once(database: MongoDatabase) -> bool:
    try:
        with database.work():
            return False
    except StorageUnavailable:
        return True


async def test_work_ends_in_time_when_the_server_hangs(
    mongod: RunningMongod, database: MongoDatabase
) -> None:
    with (
        mongod.failing("find", blockConnection=True, blockTimeMS=1000, times=1),
        pytest.raises(StorageUnavailable),
        database.work(0.2) as store,
    ):
        await store.projects.find_one({})


async def test_what_is_asked_does_not_wait_for_writes_that_are_not_acknowledged(
    mongod: RunningMongod, database: MongoDatabase
) -> None:
    async def write(number: int) -> None:
        with database.work(PATIENCE_SECONDS) as store:
            await store.leads.insert_one({"_id": number, "project_id": str(number)})

    with mongod.failing("insert", blockConnection=True, blockTimeMS=1500):
        writes = [asyncio.create_task(write(number)) for number in range(WRITES_UNDER_WAY)]
        await asyncio.sleep(0)
        with database.work() as store:
            await store.projects.find_one({})
        waiting = sum(not one.done() for one in writes)
        await asyncio.gather(*writes)

    assert waiting == WRITES_UNDER_WAY


async def until_it_answers(projects: MongoProjectRegister) -> None:
    """A bound for tests, not a measure."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            try:
                await projects.all()
            except StorageUnavailable:
                await asyncio.sleep(0.05)
            else:
                return


async def test_an_error_that_nobody_foresaw_does_not_end_the_wait_for_the_server(
    driver: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = [ZeroDivisionError("odd")]

    async def fails_once(store: Collections, *, create: bool) -> None:
        if failures:
            raise failures.pop()
        await schema.prepare(store, create=create)

    monkeypatch.setattr(database, "prepare", fails_once)
    store = MongoDatabase(url, driver)
    async with store.opened(create=True, patient=True), asyncio.timeout(PATIENCE_SECONDS):
        while not await store.is_writable():  # noqa: ASYNC110  the store tells nobody
            await asyncio.sleep(0.01)
