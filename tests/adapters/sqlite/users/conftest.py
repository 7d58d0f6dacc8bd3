import pytest

from adapters.sqlite import SqliteDatabase, SqliteSessionRegister, SqliteUserRegister


@pytest.fixture
def users(database: SqliteDatabase) -> SqliteUserRegister:
    return SqliteUserRegister(database)


@pytest.fixture
def sessions(database: SqliteDatabase) -> SqliteSessionRegister:
    return SqliteSessionRegister(database)
