import pytest

from adapters.sqlite import SqliteChannelRegister, SqliteDatabase
from tests.contracts.settings.channel_register import ChannelRegisterContract


class TestSqliteChannelRegister(ChannelRegisterContract):
    @pytest.fixture
    def register(self, database: SqliteDatabase) -> SqliteChannelRegister:
        return SqliteChannelRegister(database)

    @pytest.fixture
    def other_register(self, other_database: SqliteDatabase) -> SqliteChannelRegister:
        return SqliteChannelRegister(other_database)
