import pytest

from adapters.sqlite import SqliteDatabase, SqliteUserRegister
from tests.contracts.users.user_register import UserRegisterContract


class TestSqliteUserRegister(UserRegisterContract):
    @pytest.fixture
    def other_users(self, other_database: SqliteDatabase) -> SqliteUserRegister:
        return SqliteUserRegister(other_database)
