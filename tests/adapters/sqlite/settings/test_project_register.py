import pytest

from adapters.sqlite import SqliteDatabase, SqliteProjectRegister
from tests.contracts.settings.project_register import ProjectRegisterContract


class TestSqliteProjectRegister(ProjectRegisterContract):
    @pytest.fixture
    def other_projects(self, other_database: SqliteDatabase) -> SqliteProjectRegister:
        return SqliteProjectRegister(other_database)
