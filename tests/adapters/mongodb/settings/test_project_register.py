import pytest
from pymongo import MongoClient

from adapters.mongodb import MongoDatabase, MongoProjectRegister
from tests.contracts.settings.project_register import ProjectRegisterContract
from tests.support.builders import a_project
from tests.support.servers.mongod import RunningMongod


class TestMongoProjectRegister(ProjectRegisterContract):
    @pytest.fixture
    def other_projects(self, other_database: MongoDatabase) -> MongoProjectRegister:
        return MongoProjectRegister(other_database)


async def test_what_a_project_of_version_1_does_not_say_is_off(
    projects: MongoProjectRegister, mongod: RunningMongod, name: str
) -> None:
    project = a_project(release_held_each_month=True, lenient=True)
    await projects.add(project)
    client: MongoClient[dict[str, object]]
    with mongod.client() as client:
        new = {"$unset": {"release_held_each_month": True, "lenient": True}}
        assert client[name].projects.update_one({}, new).modified_count == 1

    found = await projects.find(project.project_id)

    assert found is not None
    assert (found.release_held_each_month, found.lenient) == (False, False)
