import pytest

from adapters.mongodb import MongoChannelLog, MongoDatabase
from tests.contracts.settings.channel_log import ChannelLogContract


class TestMongoChannelLog(ChannelLogContract):
    @pytest.fixture
    def log(self, database: MongoDatabase) -> MongoChannelLog:
        return MongoChannelLog(database)

    @pytest.fixture
    def other_log(self, other_database: MongoDatabase) -> MongoChannelLog:
        return MongoChannelLog(other_database)
