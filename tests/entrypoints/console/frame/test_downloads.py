"""A file that is made while it is sent: who gets its end has all of it."""

from collections.abc import Iterator
from http.client import HTTPConnection, IncompleteRead, RemoteDisconnected

import pytest

from entrypoints.console.frame.downloads import LEFT
from tests.entrypoints.console.browser import CONSOLE, signed_in
from tests.entrypoints.console.kept import keep
from tests.support.program import Server, serving
from tests.support.sabotage import program
from tests.support.stores import Account, Store

PATH = "/console/projects/<project_id:str>/leads/export/<form:str>"
FORMAT = {"away": "ndjson", "stalled": "csv"}
"""One whose beginning is sent before the store fails, and one that reads all leads before that."""
MANY = 1_100
"""Leads of more than two pages of an export."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("downloads") / "leads.db")


@pytest.fixture(scope="module")
def account(store: Store) -> Account:
    account = store.account()
    keep(store, account, *[{"details": {"name": "W" * 250}}] * MANY)
    return account


@pytest.fixture
def half_read(
    store: Store, account: Account, request: pytest.FixtureRequest
) -> Iterator[tuple[Server, HTTPConnection]]:
    """A connection on which a file is asked for, whose store ends as the parameter says."""
    with serving(store, program=program(f"half-read, then {request.param}")) as server:
        email = f"{request.param}@example.com"
        her = signed_in(server, store, email, admin=True)
        connection = HTTPConnection("127.0.0.1", server.port, timeout=20)
        kept = "; ".join(f"{name}={value}" for name, value in her.cookies.items())
        path = f"{CONSOLE}/projects/{account.project_id}/leads/export/{FORMAT[request.param]}"
        connection.request("GET", path, headers={"Cookie": kept})
        yield server, connection
        connection.close()


@pytest.mark.parametrize("half_read", ["away"], indirect=True)
def test_one_that_fails_half_way_does_not_look_whole_and_the_log_says_why(
    half_read: tuple[Server, HTTPConnection],
) -> None:
    server, connection = half_read

    with pytest.raises((IncompleteRead, RemoteDisconnected, ConnectionError)):
        connection.getresponse().read()
    line = server.line_with(event="http.broken_off")
    assert line["cause"] == "The store does not answer."


@pytest.mark.parametrize("half_read", ["stalled"], indirect=True)
def test_a_client_that_leaves_ends_it(half_read: tuple[Server, HTTPConnection]) -> None:
    server, connection = half_read
    server.line_with(event="http.answered", status=200, path=PATH)

    connection.close()
    assert server.line_with(event="http.broken_off")["cause"] == LEFT
    assert not [line for line in server.lines if line["level"] == "error"]
