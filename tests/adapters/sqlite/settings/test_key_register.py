import pytest

from adapters.sqlite import SqliteDatabase, SqliteKeyRegister
from tests.contracts.settings.key_register import KeyRegisterContract


class TestSqliteKeyRegister(KeyRegisterContract):
    @pytest.fixture
    def keys(self, database: SqliteDatabase) -> SqliteKeyRegister:
        return SqliteKeyRegister(database)

    @pytest.fixture
    def other_keys(self, other_database: SqliteDatabase) -> SqliteKeyRegister:
        return SqliteKeyRegister(other_database)
