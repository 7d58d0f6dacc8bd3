import pytest

from adapters.mongodb import MongoDatabase, MongoSignInTries
from tests.contracts.users.sign_in_tries import SignInTriesContract


class TestMongoSignInTries(SignInTriesContract):
    @pytest.fixture
    def tries(self, database: MongoDatabase) -> MongoSignInTries:
        return MongoSignInTries(database)

    @pytest.fixture
    def other_tries(self, other_database: MongoDatabase) -> MongoSignInTries:
        return MongoSignInTries(other_database)
