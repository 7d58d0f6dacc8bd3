"""What of a connection is kept, and how it ends."""

import socket
from pathlib import Path

import pytest

from domain.api_key import new_key
from tests.entrypoints.http.conftest import LEAD
from tests.entrypoints.http.connections.test_framing import HEAD, assert_envelope
from tests.support.servers import Server
from tests.support.stores import SQLITE, Account, Store
from tests.support.wire import Connection, request

WEBHOOK = "/api/whatsapp/webhook"


pytestmark = pytest.mark.parametrize("store", [SQLITE], indirect=True, scope="session")
"""What happens before a store is asked is the same on every store."""


def begun(account: Account, *headers: str, length: int = 2) -> bytes:
    """The head of a lead."""
    lines = "".join(f"{line}\r\n" for line in headers)
    head = f"X-Api-Key: {account.key}\r\nContent-Length: {length}\r\n{lines}\r\n"
    return HEAD + head.encode()


def wait_until_closed(connection: Connection) -> None:
    """The server ends it; an answer may come first."""
    while connection.socket.recv(65_536):
        pass


def is_ended(connection: socket.socket, data: bytes) -> bool:
    """Whether the server ends a connection that sends *data* again and again."""
    try:
        for _ in range(2_000):
            connection.sendall(data)
    except OSError:  # reset, or a broken pipe
        return True
    return False


# Who calls is judged before what is sent


@pytest.mark.parametrize("key", [None, "garbage", new_key()], ids=["none", "garbage", "unknown"])
@pytest.mark.parametrize("path", [LEAD, f"{WEBHOOK}"])
def test_who_has_no_key_is_refused_before_the_body_comes(
    server: Server, path: str, key: str | None
) -> None:
    named = f"X-Api-Key: {key}\r\n" if key else ""
    with Connection(server.port) as connection:
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\n{named}Content-Length: 60000\r\n\r\n"
        connection.send(head.encode())
        answer = connection.receive()

    assert_envelope(answer, 401, "INVALID_API_KEY")


def test_a_webhook_of_a_channel_that_was_never_set_up_is_refused_before_the_body_comes(
    server: Server, account: Account
) -> None:
    head = f"POST /api/google_ads/webhook?api_key={account.key} HTTP/1.1\r\nHost: x\r\n"
    with Connection(server.port) as connection:
        connection.send(f"{head}Content-Length: 60000\r\n\r\n".encode())

        assert_envelope(connection.receive(), 401, "INVALID_SIGNATURE")


def test_a_body_beyond_what_a_channels_sender_makes_is_413(
    server: Server, account: Account
) -> None:
    path = f"/api/google_ads/webhook?api_key={account.key}"

    assert_envelope(request(server.port, "POST", path, {}, b"x" * 65_537), 413, "BODY_TOO_LARGE")


def test_an_unsigned_delivery_is_refused_before_the_body_comes_where_there_is_a_secret(
    server: Server, signed: Account
) -> None:
    head = f"POST {WEBHOOK}?api_key={signed.key} HTTP/1.1\r\nHost: x\r\n"
    with Connection(server.port) as connection:
        connection.send(f"{head}Content-Length: 3000000\r\n\r\n".encode())

        assert_envelope(connection.receive(), 401, "INVALID_SIGNATURE")


def test_a_page_cannot_forge_a_delivery_where_no_secret_is_set(
    server: Server, store: Store
) -> None:
    account = store.account()
    path = f"{WEBHOOK}?api_key={account.key}"
    answer = request(server.port, "POST", path, {"Origin": "https://evil.com"}, b"{}")

    assert_envelope(answer, 403, "DOMAIN_NOT_ALLOWED")
    assert request(server.port, "POST", path, {}, b"{}").status == 200


# The end of a connection


def test_a_refusal_whose_body_came_whole_keeps_the_connection(
    server: Server, account: Account
) -> None:
    refused = HEAD + b"Content-Length: 5\r\n\r\nhello"
    chunked = HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
    with Connection(server.port) as connection:
        connection.send(refused + chunked + begun(account) + b"{}")
        answers = [connection.receive() for _ in range(3)]

    assert [answer.status for answer in answers if answer] == [401, 401, 201]
    assert [a.headers["connection"] for a in answers if a] == ["keep-alive"] * 3


def test_a_refusal_whose_body_is_missing_closes_the_connection_once_it_is_read(
    server: Server,
) -> None:
    with Connection(server.port) as connection:
        connection.send(HEAD + b"Content-Length: 60000\r\n\r\n" + b"x" * 30_000)
        answer = connection.receive()
        connection.send(b"x" * 30_000)

        assert_envelope(answer, 401, "INVALID_API_KEY")
        assert answer is not None
        assert answer.headers["connection"] == "close"
        assert connection.is_closed()


def test_what_is_sent_without_end_after_a_refusal_is_not_read_without_end(server: Server) -> None:
    with Connection(server.port) as connection:
        connection.send(HEAD + b"Content-Length: 60000\r\n\r\n")
        assert connection.receive() is not None
        assert is_ended(connection.socket, b"x" * 65_536)


def test_a_client_that_shuts_its_sending_half_gets_its_answer(server: Server, store: Store) -> None:
    account = store.account()
    with Connection(server.port) as connection:
        connection.send(begun(account) + b"{}")
        connection.socket.shutdown(socket.SHUT_WR)
        answer = connection.receive()

        assert answer is not None
        assert (answer.status, answer.headers["connection"]) == (201, "close")
        assert connection.is_closed()
    line = server.line_with(request_id=answer.headers["x-request-id"])
    assert (line["event"], line["status"]) == ("http.answered", 201)


def test_each_of_several_requests_before_the_sending_half_is_shut_is_answered(
    server: Server, store: Store
) -> None:
    account = store.account()
    with Connection(server.port) as connection:
        connection.send((begun(account) + b"{}") * 3)
        connection.socket.shutdown(socket.SHUT_WR)
        answers = [connection.receive() for _ in range(3)]

    assert [answer.status for answer in answers if answer] == [201] * 3


def test_a_client_that_goes_in_the_middle_of_its_body_is_waited_for_no_longer(
    server: Server, account: Account
) -> None:
    with Connection(server.port) as connection:
        connection.send(begun(account) + b"{")
        connection.socket.shutdown(socket.SHUT_WR)

        assert connection.receive() is None


@pytest.mark.parametrize("path", ["/api/health", "/api/ready"])
def test_head_answers_as_get_does_without_a_body(server: Server, path: str) -> None:
    with Connection(server.port) as connection:
        connection.send(f"HEAD {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        head = connection._until(b"\r\n\r\n")
        connection.send(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        answer = connection.receive()

    assert answer is not None
    assert answer.status == 200
    assert head is not None
    assert head.startswith(b"HTTP/1.1 200")
    assert f"content-length: {len(answer.body)}".encode() in head.lower()


def test_a_refused_expectation_sends_no_continue_first(server: Server, account: Account) -> None:
    expect = b"Expect: 100-continue\r\n"
    for head in (
        HEAD + expect + b"Content-Length: 2\r\n\r\n",
        HEAD + expect + b"Content-Length: 70000\r\n\r\n",
        HEAD + b"Expect: tea\r\nContent-Length: 2\r\n\r\n",
    ):
        with Connection(server.port) as connection:
            connection.send(head)
            first = connection._until(b"\r\n")

            assert first is not None
            assert not first.startswith(b"HTTP/1.1 100"), first


def test_a_head_of_32_kib_is_taken(server: Server, account: Account, tmp_path: Path) -> None:
    head = begun(account)[:-2]
    padding = 32 * 1024 - len(head) - len("Cookie: \r\n\r\n")
    with Connection(server.port) as connection:
        connection.send(head + b"Cookie: " + b"c" * padding + b"\r\n\r\n{}")
        answer = connection.receive()

    assert answer is not None
    assert answer.status == 201
