"""Servers that are started once, when the first test asks for them."""

import os
from collections.abc import Iterator

import pytest

from adapters.mongodb.connection.driver import MOTOR_THREADS
from tests.support.servers.mongod import RunningMongod, any_mongod

# Read by Motor when it is imported, which here is whenever the first test that needs it is read.
os.environ.setdefault("MOTOR_MAX_WORKERS", str(MOTOR_THREADS))


@pytest.fixture(scope="session")
def mongod() -> Iterator[RunningMongod]:
    """A server that tests share and leave as it is."""
    with any_mongod() as server:
        yield server
