"""A file that is made while it is sent: who gets its end has all of it."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from http.client import HTTPConnection, IncompleteRead, RemoteDisconnected

import pytest

from entrypoints.console.frame.downloads import AT_A_TIME, LEFT, Turns
from tests.entrypoints.console.browser import CONSOLE, signed_in
from tests.entrypoints.console.kept import keep
from tests.support.program import Server, serving
from tests.support.sabotage import program
from tests.support.stores import Account, Store

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
def test_its_headers_come_before_it_is_made_and_a_client_that_leaves_ends_it(
    half_read: tuple[Server, HTTPConnection],
) -> None:
    server, connection = half_read

    answer = connection.getresponse()
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    answer.close()
    connection.close()
    assert server.line_with(event="http.broken_off")["cause"] == LEFT
    assert not [line for line in server.lines if line["level"] == "error"]


async def test_one_file_more_of_a_user_begins_when_another_ends() -> None:
    turns, begun = Turns(), list[str]()

    async def pieces(name: str) -> AsyncGenerator[bytes, None]:
        begun.append(name)
        yield b"a piece"
        yield b"another"

    hers = [turns.take("her", pieces(f"hers {number}")) for number in range(AT_A_TIME)]
    for file in hers:
        await anext(file)
    one_more = asyncio.ensure_future(anext(turns.take("her", pieces("one more"))))
    await anext(turns.take("him", pieces("his")))
    await asyncio.sleep(0)
    assert begun == ["hers 0", "hers 1", "his"]

    await hers[0].aclose()
    assert await one_more == b"a piece"
