import pytest

from adapters.sqlite import SqliteDatabase, SqliteSignInTries
from tests.contracts.users.sign_in_tries import SignInTriesContract


class TestSqliteSignInTries(SignInTriesContract):
    @pytest.fixture
    def tries(self, database: SqliteDatabase) -> SqliteSignInTries:
        return SqliteSignInTries(database)

    @pytest.fixture
    def other_tries(self, other_database: SqliteDatabase) -> SqliteSignInTries:
        return SqliteSignInTries(other_database)
