"""
The registers over mongomock, without a server: quick, and no proof of durability or concurrency.

Left out, since mongomock 4.3 cannot follow:
the ledger and the archive (partial and multikey unique indexes, `bulk_write` of updates),
the keys and the users (a partial unique index), the log of channels and the sessions
(`bulk_write` of updates) and the probe (no `hello`).
"""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from mongomock_motor import AsyncMongoMockClient

from adapters.mongodb import (
    MongoChannelRegister,
    MongoDatabase,
    MongoHeldArchive,
    MongoHeldLedger,
    MongoProjectRegister,
    MongoSignInTries,
)
from tests.contracts.held.held_archive import HeldArchiveContract
from tests.contracts.held.held_ledger import HeldLedgerContract
from tests.contracts.settings.channel_register import ChannelRegisterContract
from tests.contracts.settings.project_register import ProjectRegisterContract
from tests.contracts.users.sign_in_tries import SignInTriesContract


class MockClient(AsyncMongoMockClient):  # type: ignore[misc]
    """Its own gives a synchronous database here."""

    def get_default_database(self, default: str) -> Any:
        return self.get_database(default)


@pytest.fixture
async def database() -> AsyncIterator[MongoDatabase]:
    def client(_url: str, _driver: str) -> Any:
        return MockClient(tz_aware=True)

    database = MongoDatabase("mongodb://nowhere/swiftcrm", "motor", client)
    async with database.opened(create=True):
        yield database


@pytest.fixture
def projects(database: MongoDatabase) -> MongoProjectRegister:
    return MongoProjectRegister(database)


@pytest.fixture
def held_ledger(database: MongoDatabase) -> MongoHeldLedger:
    return MongoHeldLedger(database)


@pytest.fixture
def other_held_ledger(database: MongoDatabase) -> MongoHeldLedger:
    return MongoHeldLedger(database)


@pytest.fixture
def held_archive(database: MongoDatabase) -> MongoHeldArchive:
    return MongoHeldArchive(database)


class TestMockedProjectRegister(ProjectRegisterContract):
    @pytest.fixture
    def other_projects(self, database: MongoDatabase) -> MongoProjectRegister:
        return MongoProjectRegister(database)


class TestMockedChannelRegister(ChannelRegisterContract):
    @pytest.fixture
    def register(self, database: MongoDatabase) -> MongoChannelRegister:
        return MongoChannelRegister(database)

    @pytest.fixture
    def other_register(self, database: MongoDatabase) -> MongoChannelRegister:
        return MongoChannelRegister(database)


class TestMockedHeldLedger(HeldLedgerContract):
    many = 150  # it is slow


class TestMockedHeldArchive(HeldArchiveContract):
    pass


class TestMockedSignInTries(SignInTriesContract):
    @pytest.fixture
    def tries(self, database: MongoDatabase) -> MongoSignInTries:
        return MongoSignInTries(database)

    @pytest.fixture
    def other_tries(self, database: MongoDatabase) -> MongoSignInTries:
        return MongoSignInTries(database)
