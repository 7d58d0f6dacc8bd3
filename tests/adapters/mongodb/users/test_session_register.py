import pytest

from adapters.mongodb import MongoDatabase, MongoSessionRegister
from tests.contracts.users.session_register import SessionRegisterContract


class TestMongoSessionRegister(SessionRegisterContract):
    @pytest.fixture
    def other_sessions(self, other_database: MongoDatabase) -> MongoSessionRegister:
        return MongoSessionRegister(other_database)
