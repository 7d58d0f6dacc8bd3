"""Servers that are started once, when the first test asks for them."""

from collections.abc import Iterator

import pytest

from tests.support.mongod import RunningMongod, any_mongod


@pytest.fixture(scope="session")
def mongod() -> Iterator[RunningMongod]:
    """A server that tests share and leave as it is."""
    with any_mongod() as server:
        yield server
