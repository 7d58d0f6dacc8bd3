"""A store is made, opened or refused, by one process or by many at once."""

import asyncio

import pytest
from pymongo import MongoClient

from adapters.mongodb import MongoDatabase, MongoProjectRegister
from adapters.mongodb.connection.schema import SCHEMA_VERSION
from domain.errors import Advice, AdviceCode, StorageUnavailable, StoreUnusable
from tests.adapters.mongodb.conftest import Open
from tests.support.builders import a_project
from tests.support.servers.mongod import RunningMongod

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
