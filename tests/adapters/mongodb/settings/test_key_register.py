import pytest

from adapters.mongodb import MongoDatabase, MongoKeyRegister
from tests.contracts.settings.key_register import KeyRegisterContract


class TestMongoKeyRegister(KeyRegisterContract):
    @pytest.fixture
    def keys(self, database: MongoDatabase) -> MongoKeyRegister:
        return MongoKeyRegister(database)

    @pytest.fixture
    def other_keys(self, other_database: MongoDatabase) -> MongoKeyRegister:
        return MongoKeyRegister(other_database)
