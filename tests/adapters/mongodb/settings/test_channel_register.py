import pytest

from adapters.mongodb import MongoChannelRegister, MongoDatabase
from tests.contracts.settings.channel_register import ChannelRegisterContract


class TestMongoChannelRegister(ChannelRegisterContract):
    @pytest.fixture
    def register(self, database: MongoDatabase) -> MongoChannelRegister:
        return MongoChannelRegister(database)

    @pytest.fixture
    def other_register(self, other_database: MongoDatabase) -> MongoChannelRegister:
        return MongoChannelRegister(other_database)
