import pytest

from adapters.sqlite import SqliteChannelLog, SqliteDatabase
from tests.contracts.settings.channel_log import ChannelLogContract


class TestSqliteChannelLog(ChannelLogContract):
    @pytest.fixture
    def log(self, database: SqliteDatabase) -> SqliteChannelLog:
        return SqliteChannelLog(database)

    @pytest.fixture
    def other_log(self, other_database: SqliteDatabase) -> SqliteChannelLog:
        return SqliteChannelLog(other_database)
