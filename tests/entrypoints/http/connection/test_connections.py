"""What of a connection is kept, and how it ends."""

import select
import socket
import threading
from contextlib import suppress

import pytest

from domain.api_key import new_key
from entrypoints.http.connection.body_memory import UNKNOWN
from tests.entrypoints.http.conftest import LEAD, poster
from tests.entrypoints.http.connection.test_framing import HEAD, assert_envelope
from tests.support.program import Server
from tests.support.stores import SQLITE, Account, Store
from tests.support.wire import Connection, raw, request

WEBHOOK = "/api/whatsapp/webhook"


pytestmark = pytest.mark.parametrize("store", [SQLITE], indirect=True, scope="session")
"""What happens before a store is asked is the same on every store."""


def begun(account: Account, *headers: str, length: int = 2) -> bytes:
    """The head of a lead."""
    lines = "".join(f"{line}\r\n" for line in headers)
    head = f"X-Api-Key: {account.key}\r\nContent-Length: {length}\r\n{lines}\r\n"
    return HEAD + head.encode()


def wait_until_closed(connection: Connection) -> None:
    """Read whatever comes until the end."""
    with suppress(OSError):
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


def test_very_many_headers_are_413_at_once(server: Server) -> None:
    data = HEAD.replace(LEAD.encode(), WEBHOOK.encode()) + b"a:\r\n" * 7_000 + b"\r\n"

    assert_envelope(raw(server.port, data), 413, "BODY_TOO_LARGE")


def test_who_sends_thousands_ahead_lets_others_have_their_turn(
    server: Server, account: Account
) -> None:
    ahead = b"GET /api/health HTTP/1.1\r\nHost: x\r\n\r\n" * 5_000
    with Connection(server.port) as greedy:
        sending = threading.Thread(target=lambda: is_ended(greedy.socket, ahead))
        reading = threading.Thread(target=lambda: wait_until_closed(greedy))
        sending.start()
        reading.start()
        statuses = [poster(server, account)({}).status for _ in range(20)]
        greedy.socket.shutdown(socket.SHUT_RDWR)
        sending.join()
        reading.join()

    assert statuses == [201] * 20


# How much room there is


def stalled(server: Server, path: str, key: str, length: int, sent: int) -> Connection:
    """A connection that has sent so much of a body."""
    connection = Connection(server.port)
    head = (
        f"POST {path} HTTP/1.1\r\nHost: x\r\nX-Api-Key: {key}\r\nContent-Length: {length}\r\n\r\n"
    )
    connection.send(head.encode() + b" " * sent)
    return connection


def test_who_fills_the_room_of_a_project_keeps_out_what_comes_in_parts_and_nobody_else(
    server: Server, store: Store
) -> None:
    account, other = store.account(), store.account()
    half = [stalled(server, LEAD, account.key, 65_536, 65_500) for _ in range(140)]
    answers = [connection for connection in half if _answered(connection)]
    try:
        assert len(answers) >= 10
        assert {a.code for c in answers if (a := c.receive()) is not None} == {"OVERLOADED"}
        assert poster(server, account)({}).status == 201
        with stalled(server, LEAD, other.key, 65_536, 65_500) as theirs:
            theirs.send(b" " * 34 + b"{}")
            answer = theirs.receive()
            assert answer is not None
            assert answer.status == 201
    finally:
        for connection in half:
            connection.socket.close()
    with stalled(server, LEAD, account.key, 65_536, 65_500) as again:
        again.send(b" " * 34 + b"{}")
        server.wait_until(lambda: _answered(again))
        assert (again.receive() or answers[0]).status == 201


def test_unfinished_heads_of_all_clients_have_one_room(server: Server) -> None:
    head = HEAD + b"X-Filler: " + b"a" * 32_000
    fitting = UNKNOWN.most_bytes // len(head) - 10
    heads = [Connection(server.port) for _ in range(fitting + 20)]
    try:
        for connection in heads[:fitting]:
            connection.send(head)
        assert not any(select.select([one.socket for one in heads[:fitting]], [], [], 0.2)[0])
        for connection in heads[fitting:]:
            connection.send(head)
        answered = select.select([one.socket for one in heads], [], [], 20)[0]
        refused = [one for one in heads if one.socket in answered]

        assert refused, "nobody is refused"
        assert_envelope(refused[0].receive(), 503, "OVERLOADED")
    finally:
        for connection in heads:
            connection.socket.close()


def test_large_bodies_of_one_project_have_a_room_of_their_own(server: Server, store: Store) -> None:
    account, other = store.account(), store.account()
    one = stalled(server, WEBHOOK, account.key, 4_000_000, 3_900_000)
    two = stalled(server, WEBHOOK, account.key, 4_000_000, 3_900_000)
    theirs = stalled(server, WEBHOOK, other.key, 4_000_000, 3_900_000)
    with one, two, theirs:
        server.wait_until(lambda: _answered(one) or _answered(two))
        refused = (one if _answered(one) else two).receive()

        assert_envelope(refused, 503, "OVERLOADED")
        assert not _answered(theirs)


@pytest.mark.parametrize("sent", [0, 200_000])
def test_after_a_large_unproven_delivery_the_next_one_is_refused_before_all_of_it_has_come(
    server: Server, store: Store, sent: int
) -> None:
    account = store.account()
    headers = {"X-Api-Key": account.key, "Content-Type": "application/json"}
    large = b'{"object":"other"}' + b" " * 4_000_000
    assert request(server.port, "POST", WEBHOOK, headers, large).status == 200
    coding = "Transfer-Encoding: chunked" if sent else "Content-Length: 4000000"
    head = f"POST {WEBHOOK} HTTP/1.1\r\nHost: x\r\nX-Api-Key: {account.key}\r\n{coding}\r\n"
    with Connection(server.port) as connection:
        connection.send(f"{head}Expect: 100-continue\r\n\r\n".encode())
        if sent:  # who does not say how much will come is refused once it is much
            assert connection.socket.recv(25) == b"HTTP/1.1 100 Continue\r\n\r\n"
            connection.send((b"3E8\r\n" + b" " * 1_000 + b"\r\n") * (sent // 1_000))

        assert_envelope(connection.receive(), 503, "OVERLOADED")


def _answered(connection: Connection) -> bool:
    return bool(select.select([connection.socket], [], [], 0.02)[0])


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
        assert answer.status == 201
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


def test_a_head_of_32_kib_is_taken(server: Server, account: Account) -> None:
    head = begun(account)[:-2]
    padding = 32 * 1024 - len(head) - len("Cookie: \r\n\r\n")
    with Connection(server.port) as connection:
        connection.send(head + b"Cookie: " + b"c" * padding + b"\r\n\r\n{}")
        answer = connection.receive()

    assert answer is not None
    assert answer.status == 201
