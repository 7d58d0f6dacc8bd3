from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.servers import Server, serving
from tests.support.stores import Store


@pytest.fixture
def fresh(tmp_path: Path) -> Store:
    return Store(tmp_path / "swiftcrm.db")


@pytest.fixture
def pair(fresh: Store) -> Iterator[list[Server]]:
    """Two processes on one store."""
    fresh.account("first")
    with ExitStack() as stack:
        yield [stack.enter_context(serving(fresh.path)) for _ in range(2)]
