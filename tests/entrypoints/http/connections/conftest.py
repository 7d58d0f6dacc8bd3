"""What happens before a store is asked is the same on every store: one will do."""

import pytest

from tests.support.stores import Store


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The embedded one."""
    return Store(tmp_path_factory.mktemp("connections") / "swiftcrm.db")
