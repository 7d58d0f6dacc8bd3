import pytest

from adapters.sqlite import SqliteDatabase, SqliteSessionRegister
from tests.contracts.users.session_register import SessionRegisterContract


class TestSqliteSessionRegister(SessionRegisterContract):
    @pytest.fixture
    def other_sessions(self, other_database: SqliteDatabase) -> SqliteSessionRegister:
        return SqliteSessionRegister(other_database)
