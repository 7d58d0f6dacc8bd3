"""A store is made, opened or refused, by one process or by many at once."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from pymongo import MongoClient

from adapters.mongodb import MongoDatabase, MongoProjectRegister
from adapters.mongodb.connection.schema import SCHEMA_VERSION
from domain.errors import Advice, AdviceCode, StorageUnavailable, StoreUnusable
from tests.adapters.mongodb.conftest import Open
from tests.support.builders import a_project
from tests.support.servers.mongod import Mongod, RunningMongod
from tests.support.servers.mongod import mongod as mongod_process

OWN_DATABASE = True


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


async def test_a_server_that_is_not_there_is_no_store_for_a_command(driver: str) -> None:
    database = MongoDatabase("mongodb://127.0.0.1:1/swiftcrm", driver)

    with pytest.raises(StorageUnavailable):
        async with database.opened(create=True):
            pass


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


async def test_a_name_that_nobody_knows_is_told_from_a_server_that_is_busy(driver: str) -> None:
    database = MongoDatabase("mongodb+srv://ada:hunter2@nobody.invalid/swiftcrm", driver)

    with pytest.raises(StorageUnavailable, match="cannot be resolved") as no:
        async with database.opened(create=False):
            pass

    assert no.value.advice == (Advice(AdviceCode.MEND_DATABASE_HOST),)
    assert "hunter2" not in str(no.value)


@pytest.fixture(scope="module")
def guarded() -> Iterator[Mongod]:
    """A server with two users; one may do anything, the other nothing."""
    with mongod_process("--auth", replica_set=False) as server:
        with server.client() as client:
            client.admin.command("createUser", "ada", pwd="right", roles=["root"])
        with server.client("ada:right@") as client:
            client.admin.command("createUser", "bob", pwd="right", roles=[])
        yield server


def url(server: Mongod, credentials: str) -> str:
    return f"mongodb://{credentials}{server.host}/swiftcrm?directConnection=true&authSource=admin"


@pytest.mark.parametrize("patient", [True, False], ids=["service", "command"])
@pytest.mark.parametrize("create", [True, False], ids=["create", "use"])
@pytest.mark.parametrize(
    ("credentials", "said"),
    [("ada:wrong@", "AuthenticationFailed"), ("", "Unauthorized"), ("bob:right@", "Unauthorized")],
    ids=["wrong", "none", "powerless"],
)
async def test_wrong_credentials_are_said_at_once(
    guarded: Mongod, driver: str, credentials: str, said: str, create: bool, patient: bool
) -> None:
    database = MongoDatabase(url(guarded, credentials), driver)

    with pytest.raises(StoreUnusable, match=said) as caught:
        async with database.opened(create=create, patient=patient):
            pass

    assert caught.value.advice == (Advice(AdviceCode.MEND_DATABASE_LOGIN),)
    assert "wrong" not in str(caught.value)


async def test_the_right_credentials_open_it(guarded: Mongod, driver: str) -> None:
    database = MongoDatabase(url(guarded, "ada:right@"), driver)

    async with database.opened(create=True, patient=True):
        assert await MongoProjectRegister(database).all() == []


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
