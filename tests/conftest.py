"""Servers that are started once, when the first test asks for them."""

from collections.abc import Iterator

import pytest

from tests.support.mongod import Mongod
from tests.support.mongod import mongod as mongod_process


@pytest.fixture(scope="session")
def mongod() -> Iterator[Mongod]:
    """A replica set of one, which tests share and leave as it is."""
    with mongod_process() as server:
        yield server
