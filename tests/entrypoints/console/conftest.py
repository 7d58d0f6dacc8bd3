from collections.abc import Iterator

import pytest

from tests.entrypoints.console.browser import SECRETS, Browser, signed_in
from tests.support.program import Server, serving
from tests.support.stores import Account, Store


@pytest.fixture(scope="package")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("console") / "leads.db")


@pytest.fixture(scope="package")
def server(store: Store) -> Iterator[Server]:
    """One server for all tests of pages; each test makes users of its own."""
    with serving(store) as server:
        yield server
        assert server.stop() == 0
    log = server.raw_log.decode()
    assert [text for text in SECRETS if len(text) > 6 and text in log] == []


@pytest.fixture(scope="package")
def acme(store: Store, server: Server) -> Account:
    return store.account("Acme Ltd")


@pytest.fixture(scope="package")
def other(store: Store, server: Server) -> Account:
    return store.account("Another's")


@pytest.fixture
def visitor(server: Server) -> Browser:
    """Somebody who was never here."""
    return Browser(server.port)


@pytest.fixture(scope="package")
def admin(server: Server, store: Store) -> Browser:
    return signed_in(server, store, "admin@example.com", admin=True)


@pytest.fixture(scope="package")
def member(server: Server, store: Store, acme: Account) -> Browser:
    return signed_in(server, store, "member@example.com", projects=(acme.project_id,))


@pytest.fixture(scope="package")
def outsider(server: Server, store: Store, other: Account) -> Browser:
    """A member of another project."""
    return signed_in(server, store, "outsider@example.com", projects=(other.project_id,))
