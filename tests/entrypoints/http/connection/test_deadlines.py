"""How long a connection may take, with deadlines that come soon."""

import threading
from collections.abc import Iterator

import pytest

from tests.entrypoints.http.connection.test_connections import begun
from tests.entrypoints.http.connection.test_framing import assert_envelope
from tests.support.program import Server, serving
from tests.support.sabotage import program
from tests.support.stores import Account, Store
from tests.support.wire import Connection


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Connections end in the same way on every store."""
    return Store(tmp_path_factory.mktemp("connections") / "swiftcrm.db")


@pytest.fixture(scope="module")
def project(embedded: Store) -> Account:
    return embedded.account()


@pytest.fixture(scope="module")
def hurried(embedded: Store, project: Account) -> Iterator[Server]:
    """A server whose deadlines come after a second or two."""
    with serving(embedded.path, program=program("hurried")) as server:
        yield server


def wait_until_closed(connection: Connection) -> None:
    """The server ends it; an answer may come first."""
    while connection.socket.recv(65_536):
        pass


def test_a_byte_now_and_then_does_not_keep_a_connection(hurried: Server, project: Account) -> None:
    with Connection(hurried.port) as connection:
        connection.send(begun(project, length=1_000_000 // 20))
        answered = threading.Event()

        def drip() -> None:
            try:
                while not answered.wait(0.1):
                    connection.send(b"x")
            except OSError:
                pass

        dripping = threading.Thread(target=drip)
        dripping.start()
        answer = connection.receive()
        wait_until_closed(connection)
        answered.set()
        dripping.join()

    assert_envelope(answer, 408, "REQUEST_TIMEOUT")


def test_a_head_or_a_body_that_never_comes_is_408(hurried: Server, project: Account) -> None:
    with Connection(hurried.port) as slow_body, Connection(hurried.port) as slow_head:
        slow_body.send(begun(project) + b"{")
        slow_head.send(begun(project)[:-2])
        for connection in (slow_body, slow_head):
            assert_envelope(connection.receive(), 408, "REQUEST_TIMEOUT")
            assert connection.is_closed()


def test_an_upgrade_is_ignored_and_switches_no_deadline_off(
    hurried: Server, project: Account
) -> None:
    upgrade = ("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13")
    with Connection(hurried.port) as whole, Connection(hurried.port) as half:
        whole.send(begun(project, *upgrade) + b"{}")
        half.send(begun(project, *upgrade) + b"{")
        answers = [whole.receive(), half.receive()]
        wait_until_closed(half)

    assert [answer.status for answer in answers if answer] == [201, 408]


@pytest.mark.parametrize("sent", [b"", b"\r\n", b"\r\n\r\n\r"])
def test_a_connection_without_a_request_ends_without_an_answer(
    hurried: Server, sent: bytes
) -> None:
    with Connection(hurried.port) as connection:
        connection.send(sent)

        assert connection.receive() is None
    assert not [line for line in hurried.lines if line.get("level") == "error"]
