import pytest

from adapters.mongodb import MongoDatabase, MongoSessionRegister, MongoUserRegister


@pytest.fixture
def users(database: MongoDatabase) -> MongoUserRegister:
    return MongoUserRegister(database)


@pytest.fixture
def sessions(database: MongoDatabase) -> MongoSessionRegister:
    return MongoSessionRegister(database)
