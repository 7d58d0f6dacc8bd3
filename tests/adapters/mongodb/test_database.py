"""One database: opened, refused, lost and found again."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from pymongo import MongoClient

from adapters.mongodb import MongoDatabase, MongoProjectRegister, database, schema
from adapters.mongodb.collections import Collections
from adapters.mongodb.schema import SCHEMA_VERSION
from application.ports.errors import StorageUnavailable, StoreUnusable
from tests.adapters.mongodb.conftest import Open
from tests.support.builders import a_project
from tests.support.mongod import Mongod, RunningMongod
from tests.support.mongod import mongod as mongod_process

OWN_DATABASE = True
PATIENCE_SECONDS = 20


@pytest.fixture(scope="module")
def own_mongod() -> Iterator[Mongod]:
    with mongod_process() as server:
        yield server


async def test_a_store_that_is_not_there_is_not_made_unless_it_is_wanted(
    open_store: Open, url: str
) -> None:
    with pytest.raises(StoreUnusable, match="There is no store"):
        await open_store(url, create=False)

    await open_store(url, create=True)
    await open_store(url, create=False)


async def test_a_newer_versions_store_is_refused(
    open_store: Open, mongod: RunningMongod, url: str, name: str
) -> None:
    await open_store(url)
    client: MongoClient[dict[str, object]]
    with mongod.client() as client:
        client[name].about.update_one({"_id": "schema"}, {"$set": {"version": SCHEMA_VERSION + 1}})

    for create in (True, False):
        with pytest.raises(StoreUnusable, match="newer version"):
            await open_store(url, create=create)


async def test_many_processes_may_make_one_store_at_the_same_time(
    open_store: Open, url: str
) -> None:
    databases = await asyncio.gather(*(open_store(url) for _ in range(8)))

    project = a_project()
    await MongoProjectRegister(databases[0]).add(project)
    assert await MongoProjectRegister(databases[7]).find(project.name) == project


async def test_an_index_that_cannot_be_made_is_said(
    open_store: Open, mongod: RunningMongod, url: str, name: str
) -> None:
    client: MongoClient[dict[str, object]]
    with mongod.client() as client:
        client[name].projects.insert_many([{"name": "twice"}, {"name": "twice"}])

    with pytest.raises(StoreUnusable, match="DuplicateKey"):
        await open_store(url)


async def test_unique_indexes_of_leads_messages_and_links_can_be_sharded_by_project(
    database: MongoDatabase,
) -> None:
    with database.work() as store:
        for collection in (store.leads, store.messages, store.links):
            indexes = await collection.index_information()
            unique = [index["key"][0][0] for index in indexes.values() if index.get("unique")]
            assert set(unique) == {"project_id"}


@pytest.mark.parametrize(
    ("collection", "index", "query"),
    [
        ("leads", "project_id_1_joined_into_1", {"joined_into": {"$in": [1, 2]}}),
        ("links", "project_id_1_names_1", {"names": {"$in": ["a", "b"]}}),
    ],
)
async def test_what_belongs_to_a_person_is_found_by_an_index(
    database: MongoDatabase, collection: str, index: str, query: dict[str, Any]
) -> None:
    some = [{"project_id": "p", "lead_id": n, "link": n, "names": [f"n{n}"]} for n in range(100)]
    with database.work() as store:
        await getattr(store, collection).insert_many(some)
        plan = await getattr(store, collection).find({"project_id": "p", **query}).explain()

    assert f"'indexName': '{index}'" in str(plan["queryPlanner"]["winningPlan"])


async def test_a_server_that_is_not_there_is_no_store_for_a_command(driver: str) -> None:
    database = MongoDatabase("mongodb://127.0.0.1:1/swiftcrm", driver)

    with pytest.raises(StorageUnavailable):
        async with database.opened(create=True):
            pass


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


async def test_a_patient_process_still_refuses_a_newer_store(
    open_store: Open, mongod: RunningMongod, url: str, name: str, driver: str
) -> None:
    await open_store(url)
    client: MongoClient[dict[str, object]]
    with mongod.client() as client:
        client[name].about.update_one({"_id": "schema"}, {"$set": {"version": SCHEMA_VERSION + 1}})

    with pytest.raises(StoreUnusable, match="newer version"):
        async with MongoDatabase(url, driver).opened(create=True, patient=True):
            pass


async def test_work_on_a_closed_store_is_refused(url: str, driver: str) -> None:
    database = MongoDatabase(url, driver)
    async with database.opened(create=True):
        pass

    with pytest.raises(StorageUnavailable):
        await MongoProjectRegister(database).all()


@pytest.mark.parametrize("seconds", [0.002, 0.2, 0.7])
async def test_a_server_that_is_slow_is_not_away(
    mongod: RunningMongod, database: MongoDatabase, seconds: float
) -> None:
    with mongod.failing("find", blockConnection=True, blockTimeMS=2000, times=1):
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
