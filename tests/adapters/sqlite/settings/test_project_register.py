import pytest

from adapters.sqlite import SqliteDatabase, SqliteProjectRegister
from tests.contracts.project_register import ProjectRegisterContract


class TestSqliteProjectRegister(ProjectRegisterContract):
    @pytest.fixture
    def other_projects(self, other_database: SqliteDatabase) -> SqliteProjectRegister:
        return SqliteProjectRegister(other_database)
