"""The deadlines of one connection, with a transport whose buffer and loop the test sets."""

import asyncio
import gc
from types import SimpleNamespace
from typing import Any

import pytest
from sanic.exceptions import RequestTimeout
from sanic.http import Stage

from domain.refusals import Overloaded
from entrypoints.http.client_address import ClientAddress
from entrypoints.http.connection.body_memory import UNKNOWN, BodyMemory
from entrypoints.http.connection.http1 import ARRIVAL_SECONDS, IDLE_SECONDS, Http1
from entrypoints.http.connection.protocol import (
    LINGER_BYTES,
    LINGER_SECONDS,
    READ_SECONDS,
    Protocol,
)
from entrypoints.http.request import Request

CONFIG = SimpleNamespace(
    ACCESS_LOG=False,
    REQUEST_TIMEOUT=0,
    RESPONSE_TIMEOUT=0,
    KEEP_ALIVE_TIMEOUT=0,
    REQUEST_MAX_SIZE=0,
    REQUEST_BUFFER_SIZE=65_536,
    GRACEFUL_TCP_CLOSE_TIMEOUT=5,
)


class Loop:
    """Time goes by when the test says so."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.timers: list[Any] = []

    def time(self) -> float:
        return self.now

    def call_at(self, when: float, work: Any) -> Any:
        timer = SimpleNamespace(when=when, work=work, cancel=lambda: self._forget(timer))
        self.timers.append(timer)
        return timer

    def _forget(self, timer: Any) -> None:
        self.timers = [one for one in self.timers if one is not timer]

    def call_soon(self, *_: Any) -> None: ...

    def advance(self, seconds: float) -> None:
        end = self.now + seconds
        while due := [timer for timer in self.timers if timer.when <= end]:
            timer = min(due, key=lambda one: one.when)
            self._forget(timer)
            self.now = timer.when
            timer.work()
        self.now = end


class Transport:
    """Says how much of the answer the client has not read."""

    def __init__(self) -> None:
        self.unsent = 0
        self.ended = ""
        self.is_read = False

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def is_closing(self) -> bool:
        return bool(self.ended)

    def can_write_eof(self) -> bool:
        return False

    def pause_reading(self) -> None:
        self.is_read = False

    def resume_reading(self) -> None:
        self.is_read = True

    def abort(self) -> None:
        self.ended = "aborted"

    def close(self) -> None:
        self.ended = "closed"


@pytest.fixture
def loop(monkeypatch: pytest.MonkeyPatch) -> Loop:
    monkeypatch.setattr("asyncio.set_event_loop", lambda _: None)
    return Loop()


def cancelled(connection: Protocol) -> None:
    """The task of an idle connection closes it in the end; any other hangs in something."""
    if connection._http.stage is Stage.IDLE:
        connection.close()


@pytest.fixture
def connection(loop: Loop) -> Protocol:
    app = SimpleNamespace(
        config=CONFIG,
        ctx=SimpleNamespace(body_memory=BodyMemory(), handle=None),
        handle_request=None,
        error_handler=None,
        request_class=None,
        dispatch=None,
    )
    protocol = Protocol(loop=loop, app=app)  # type: ignore[arg-type]
    protocol.transport = Transport()
    protocol.recv_buffer = bytearray()
    protocol._task = SimpleNamespace(cancel=lambda: cancelled(protocol))
    protocol._http = SimpleNamespace(
        stage=Stage.IDLE, whole=False, exception=None, has_come=lambda: True
    )
    protocol.check_timeouts()
    return protocol


def test_an_idle_connection_is_closed_when_its_time_is_up(loop: Loop, connection: Protocol) -> None:
    loop.advance(IDLE_SECONDS - 0.1)
    assert connection.transport.ended == ""
    loop.advance(0.2)

    assert connection.transport.ended == "closed"


def test_a_request_that_has_begun_has_less_time_to_arrive_than_a_connection_may_idle(
    loop: Loop, connection: Protocol, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def wait(_: Protocol) -> None:
        await asyncio.sleep(0)

    monkeypatch.setattr(Protocol, "receive_more", wait)
    connection._http = http = Http1(connection)
    http.init_for_request()
    connection.recv_buffer += b"POST /api/public/lead HTTP/1.1\r\n"
    reading = http.http1_request_header()
    reading.send(None)
    loop.advance(ARRIVAL_SECONDS - 0.1)
    before = http.exception
    loop.advance(0.2)
    reading.close()

    assert before is None
    assert isinstance(http.exception, RequestTimeout)


def test_an_answer_that_nobody_reads_is_given_up(loop: Loop, connection: Protocol) -> None:
    connection.transport.unsent = connection._unsent = 100_000
    connection.due_in(READ_SECONDS)
    loop.advance(READ_SECONDS + 0.1)

    assert connection.transport.ended == "aborted"


def test_an_answer_that_is_read_slowly_goes_on_for_as_long_as_it_takes(
    loop: Loop, connection: Protocol
) -> None:
    connection.transport.unsent = connection._unsent = 100_000
    connection.due_in(READ_SECONDS)
    for _ in range(10):
        connection.transport.unsent -= 1_000
        loop.advance(READ_SECONDS)
        assert connection.transport.ended == ""
    loop.advance(READ_SECONDS + 0.1)

    assert connection.transport.ended == "aborted"


def test_a_task_that_does_not_answer_when_it_is_cancelled_is_given_up(
    loop: Loop, connection: Protocol
) -> None:
    connection._http.stage = Stage.HANDLER
    connection.due_in(1)
    loop.advance(1)
    assert connection._http.exception.status_code == 408
    assert connection.transport.ended == ""
    loop.advance(LINGER_SECONDS)

    assert connection.transport.ended == "aborted"


def test_what_a_refused_client_still_sends_is_read_for_a_while_and_then_no_more(
    loop: Loop, connection: Protocol
) -> None:
    connection.unread = True
    connection.close()
    assert (connection.transport.is_read, connection.transport.ended) == (True, "")

    connection.data_received(b"x" * LINGER_BYTES)
    assert connection.transport.is_read
    connection.data_received(b"x")
    assert not connection.transport.is_read
    loop.advance(LINGER_SECONDS)
    assert connection.transport.ended == "closed"


def test_what_has_come_of_a_body_is_counted_for_its_address_before_its_key_is_looked_up(
    connection: Protocol,
) -> None:
    http = Http1.__new__(Http1)
    http.protocol, http.whole = connection, False
    http._taken, http.recv_buffer = bytearray(100_000), bytearray(100_000)
    request = Request.__new__(Request)
    request.stream = http
    connection.app.ctx.client_address = ClientAddress(())

    request.count_unread("8.8.8.8")
    with pytest.raises(Overloaded):
        connection.app.ctx.body_memory.take(UNKNOWN, "8.8.8.8", UNKNOWN.each_bytes - 199_999)
    connection.app.ctx.body_memory.take(UNKNOWN, "9.9.9.9", UNKNOWN.each_bytes - 199_999)


def test_a_connection_that_cannot_even_close_is_aborted(loop: Loop, connection: Protocol) -> None:
    connection.transport.ended = "closed"
    connection.due_in(1)
    loop.advance(1)

    assert connection.transport.ended == "aborted"


def test_at_the_end_of_the_process_an_answer_that_nobody_reads_is_given_up(
    connection: Protocol,
) -> None:
    connection._http.whole = True
    connection._http.stage = Stage.HANDLER
    connection.drop_unless_whole()
    assert connection.transport.ended == ""

    connection.transport.unsent = 1
    connection.drop_unless_whole()

    assert connection.transport.ended == "aborted"


def test_one_timer_is_enough_however_many_requests_come(loop: Loop, connection: Protocol) -> None:
    for _ in range(1_000):
        connection.due_in(30)
        connection.due_in(10)
        connection.due_in(IDLE_SECONDS)
        loop.advance(0.01)

    assert len(loop.timers) == 1


def test_a_whole_request_that_is_not_answered_in_time_is_503(
    loop: Loop, connection: Protocol
) -> None:
    connection._http.stage = Stage.HANDLER
    connection._http.whole = True
    connection.due_in(1)
    loop.advance(1)

    assert connection._http.exception.status_code == 503


async def test_a_file_has_longer_to_be_made_than_its_client_to_read_it(
    loop: Loop, connection: Protocol
) -> None:
    connection._http.stage = Stage.RESPONSE
    connection.begin_file()
    loop.advance(READ_SECONDS + 0.1)
    assert connection.transport.ended == ""

    connection._can_write.clear()
    connection.transport.unsent = 1
    sending = asyncio.create_task(connection.send(b"more"))
    await asyncio.sleep(0)  # it waits for the client
    loop.advance(READ_SECONDS + 0.1)
    assert connection.transport.ended == "aborted"
    sending.cancel()


def test_a_file_ends_with_its_client(connection: Protocol) -> None:
    connection.begin_file()
    connection.eof_received()

    assert connection.transport.ended == "aborted"


def test_a_connection_that_has_ended_is_no_garbage(loop: Loop, connection: Protocol) -> None:
    app: Any = connection.app
    gc.collect()
    protocol = Protocol(loop=loop, app=app)  # type: ignore[arg-type]
    del protocol

    assert gc.collect() == 0
