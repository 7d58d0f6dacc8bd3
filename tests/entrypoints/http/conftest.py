import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.entrypoints.http.webhooks.deliveries import SECRET, TOKEN
from tests.support.program import Server, serving
from tests.support.repetitions import KINDS_TRIED
from tests.support.stores import Account, Store, a_store
from tests.support.wire import Answer, request

LEAD = "/api/public/lead"

CHANNELS = "whatsapp,google_ads,tests.entrypoints.http.webhooks.echo:EchoChannel"

Post = Callable[..., Answer]


@pytest.fixture(scope="session", params=KINDS_TRIED)
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """One for each kind, shared by all tests that leave it as it is."""
    folder = tmp_path_factory.mktemp("store")
    return a_store(request.param, folder, lambda: request.getfixturevalue("mongod").url())


@pytest.fixture(scope="session")
def server(store: Store) -> Iterator[Server]:
    """One server for all tests that leave it as it is."""
    with serving(store, channels=CHANNELS) as server:
        yield server
        assert server.stop() == 0


@pytest.fixture(scope="session")
def account(store: Store, server: Server) -> Account:
    """A project without domains and without a limit."""
    return store.account("open")


@pytest.fixture(scope="session")
def guarded(store: Store, server: Server) -> Account:
    """A project whose pages are on example.com."""
    return store.account("guarded", domains=["example.com", "*.shop.example", "faß.de"])


@pytest.fixture
def post(server: Server, account: Account) -> Post:
    return poster(server, account)


def poster(server: Server, account: Account) -> Post:
    """A function that posts a lead: a body of any kind, and headers beyond the usual."""

    def post(body: Any = None, /, path: str = LEAD, **headers: str | bytes | None) -> Answer:
        data = (
            body if isinstance(body, bytes) else json.dumps({} if body is None else body).encode()
        )
        usual: dict[str, str | bytes | None] = {
            "X-Api-Key": account.key,
            "Content-Type": "application/json",
        }
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {
            name: value
            for name, value in ({**usual, **_canonical(named, usual)}).items()
            if value is not None
        }
        return request(server.port, "POST", path, sent, data)

    return post


def _canonical(named: dict[str, Any], usual: dict[str, Any]) -> dict[str, Any]:
    spelling = {name.lower(): name for name in usual}
    return {spelling.get(name.lower(), name): value for name, value in named.items()}


def lead_of(store: Store, account: Account, answer: Answer) -> dict[str, Any]:
    """The lead that *answer* names, as it is kept."""
    assert answer.status == 201, answer.body
    lead_id = answer.json()["lead_id"]
    lead = store.use(lambda c: c.archive().get(account.project_id, lead_id))
    assert lead is not None
    return {**lead.details.present(), "channel": lead.channel, "request_id": lead.request_id}


@pytest.fixture(params=KINDS_TRIED)
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """A store of the test's own, of each kind."""
    return a_store(request.param, tmp_path, lambda: request.getfixturevalue("mongod").url())


@pytest.fixture(scope="session")
def signed(store: Store, server: Server) -> Account:
    """A project that has an app secret and a verify token."""
    account = store.account()
    values = {"app_secret": [SECRET], "verify_token": [TOKEN]}
    store.use(lambda c: c.channel_settings().change(account.project_id, "whatsapp", values))
    return account
