from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.program import Server, serving
from tests.support.repetitions import DRIVERS_TRIED, FULL, KINDS_TRIED
from tests.support.servers.mongod import RunningMongod
from tests.support.stores import Store, a_store

collect_ignore = [] if FULL else ["failover/test_failover.py", "test_mongod_control.py"]
"""Elections of three servers, and kills until one takes something, last minutes: `make faults`."""


@pytest.fixture(params=KINDS_TRIED)
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """A store of the test's own, of each kind."""
    return a_store(request.param, tmp_path, lambda: request.getfixturevalue("mongod").url())


@pytest.fixture(scope="module", params=KINDS_TRIED)
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store that the tests of a module share, of each kind."""
    folder = tmp_path_factory.mktemp("shared")
    return a_store(request.param, folder, lambda: request.getfixturevalue("mongod").url())


@pytest.fixture(scope="module")
def pair(shared: Store) -> Iterator[list[Server]]:
    """Two processes on one store."""
    shared.account("first")
    with ExitStack() as stack:
        yield [stack.enter_context(serving(shared)) for _ in range(2)]


@pytest.fixture(scope="module", params=DRIVERS_TRIED)
def on_mongodb(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, mongod: RunningMongod
) -> Store:
    """A store that many processes share, whatever the driver."""
    folder: Path = tmp_path_factory.mktemp("mongodb")
    return a_store(request.param, folder, mongod.url)
