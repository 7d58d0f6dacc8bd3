import pytest

from adapters.mongodb import MongoDatabase, MongoProjectRegister
from tests.contracts.project_register import ProjectRegisterContract


class TestMongoProjectRegister(ProjectRegisterContract):
    @pytest.fixture
    def other_projects(self, other_database: MongoDatabase) -> MongoProjectRegister:
        return MongoProjectRegister(other_database)
