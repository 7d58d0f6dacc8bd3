"""
One connection: how long it may take, how much of it is kept, and how it ends.

Sanic's protocol, with what a hostile or unlucky client needs; `http1` is what comes through it.
What Sanic 25.12.1 does instead is said at each place; where nothing is said, its own code runs.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from sanic.exceptions import RequestCancelled, RequestTimeout, ServiceUnavailable
from sanic.http import Stage
from sanic.server.protocols.http_protocol import HttpProtocol

from domain.refusals import Refusal
from entrypoints.http.connection.body_memory import KIB, UNKNOWN, Room
from entrypoints.http.connection.http1 import IDLE_SECONDS, Http1

if TYPE_CHECKING:  # a request knows its connection
    from entrypoints.http.request import App, Request

READ_SECONDS = 30.0
"""An answer is given up when its client has read nothing of it for so long."""
MAKING_SECONDS = 3600.0
"""So long each part of a file may take that is made while it is sent."""
LINGER_SECONDS = 2.0
LATE_LINGER_SECONDS = 0.5  # for a client that has had thirty seconds already
READ_AHEAD_BYTES = 64 * KIB
"""So much is read before somebody has asked for it."""
LINGER_BYTES = 256 * KIB
"""
So long, or so much, is read and thrown away of a body that was not wanted: a connection that is
closed with unread bytes in it is reset, and its client may never see the answer.
"""


Handle = Callable[["Request"], Coroutine[Any, Any, None]]
Refuse = Callable[["Request", Refusal], Coroutine[Any, Any, None]]


def dispatcher(app: "App", capture: Handle, refuse: Refuse) -> Handle:
    """
    What handles the requests of all connections: *capture* each lead, Sanic's router the others.

    Nearly all requests are leads. Sanic's router, and the steps around it, took longer than the
    handler itself. What it does around an error took a fifth of a refused call: *refuse* answers
    that.
    """

    async def handle(request: "Request") -> None:
        if not request.is_lead:
            await app.handle_request(request)
            return
        try:
            await capture(request)
        except Refusal as refusal:
            await refuse(request, refusal)
        except Exception as error:  # noqa: BLE001  the handler of all errors answers it
            await app.handle_exception(request, error, run_middleware=False)

    return handle


class Protocol(HttpProtocol):
    """
    The connection under the requests.

    Three things act on it: its task, which reads a request, has it handled and answers; its one
    timer; and the client, whose bytes and whose end come as callbacks. All run in one thread, so
    they meet only where the task awaits. If the time is up while the task works, the timer cancels
    the task, which answers 408 or 503 if it can, and closes. If the client goes, its task is
    cancelled, too. A lead that is being written is not cut off by either: the writer of the
    process writes it, and not this task.

    The timer is set again when it fires too early. Sanic's looks at the time since the last byte,
    so that a byte now and then keeps a connection for ever.

    Attributes:
        room: What the request takes of the memory for bodies.
        unread: Whether something of a request is still to come, or was never read.
        given_up: Whether its time was up: only the answer that says so is still sent.
        dropped: Whether it was closed since the process ends, and not by its client.
        eof: Whether the client has sent all that it will send; it may still read.
        sends_file: Whether the answer is a file that is made while it is sent.
    """

    HTTP_CLASS = Http1
    transport: Any
    conn_info: Any
    _task: Any
    _callback_check_timeouts: Any
    __slots__ = (
        "_due_at",
        "_linger_left",
        "_lingering",
        "_more",
        "_unsent",
        "_wakes_at",
        "dropped",
        "eof",
        "given_up",
        "room",
        "sends_file",
        "unread",
    )

    def __init__(self, *, loop: asyncio.AbstractEventLoop, app: Any, **rest: Any) -> None:
        super().__init__(loop=loop, app=app, **rest)
        self.request_handler = app.ctx.handle
        self.room = Room(app.ctx.body_memory)
        self.unread = self.dropped = self.eof = self.sends_file = False
        self._lingering = False
        self._linger_left = LINGER_BYTES
        self._more: asyncio.Future[None] | None = None
        self.given_up = False
        self._unsent = 0
        self._wakes_at = float("inf")
        self._due_at = loop.time() + IDLE_SECONDS

    # Deadlines

    def due_in(self, seconds: float) -> None:
        """Let the connection go on for so long; how it ends then depends on its stage."""
        self._due_at = self.loop.time() + seconds
        if self._due_at < self._wakes_at:
            self._set_timer()

    def check_timeouts(self) -> None:
        """End what is overdue; Sanic calls this once, when a connection begins."""
        self._wakes_at = float("inf")
        if self.transport is None:
            return
        if self.loop.time() < self._due_at:
            self._set_timer()
        else:
            self._end()

    def _set_timer(self) -> None:
        if self._callback_check_timeouts is not None:
            self._callback_check_timeouts.cancel()
        self._wakes_at = self._due_at
        self._callback_check_timeouts = self.loop.call_at(self._due_at, self.check_timeouts)

    def _end(self) -> None:
        """End the connection, whose time is up, in the way that its stage allows."""
        http: Http1 | None = self.http
        unsent = self.transport.get_write_buffer_size()
        if 0 < unsent < self._unsent:  # somebody reads, if slowly
            self._unsent = unsent
            self.due_in(READ_SECONDS)
        elif unsent or self.given_up or self.transport.is_closing():
            self.abort()
        elif http is None or self._task is None:
            super().close()
        elif http.stage is Stage.IDLE:
            self._task.cancel()  # the task closes it; if this closed it, Sanic would fail in a wait
        else:
            # The cancelled task answers, and closes. It may hang even in that: then the timer comes
            # here once more, and aborts.
            self.given_up = True
            self.due_in(LINGER_SECONDS)
            http.exception = ServiceUnavailable() if http.whole else RequestTimeout()
            self._task.cancel()

    # What comes

    def data_received(self, data: bytes) -> None:
        """Keep what came; at the end of a connection, throw it away."""
        if self._lingering:
            self._linger_left -= len(data)
            if self._linger_left < 0:
                # Not closed before its time: a client that sends without end would come again.
                self.transport.pause_reading()
            return
        self.recv_buffer += data
        if len(self.recv_buffer) >= READ_AHEAD_BYTES:
            self.transport.pause_reading()
        self._wake()

    def _wake(self) -> None:
        """Let the task go on that waits for more, if it does."""
        if self._more is not None and not self._more.done():
            self._more.set_result(None)

    def eof_received(self) -> bool:
        """
        Go on: a client that has shut its sending half down may still wait for the answer.

        Nobody can know whether it does. Sanic would take it for gone and cancel its task, and the
        client that waits would get no answer. Only a file ends here: it may take long to make.
        """
        if self.sends_file:
            self.abort()
        self.eof = True
        self._wake()
        return not self._lingering

    async def receive_more(self) -> None:
        """
        Wait for more of a request.

        If no more will come, close, and wait until `connection_lost` cancels this task.
        """
        size = len(self.recv_buffer)
        if self._http is not None and self._http.stage is Stage.REQUEST:
            peer = self.app.ctx.client_address.alone(self.conn_info.client_ip)
            self.room.take(UNKNOWN, peer, size)
        if not self.eof:
            self.transport.resume_reading()
            self._more = self.loop.create_future()
            await self._more
        if self.eof and len(self.recv_buffer) == size:
            self.unread = False
            self.transport.close()
            await asyncio.get_running_loop().create_future()

    def begin_file(self) -> None:
        """Let the answer be made part by part, for as long as its client is there."""
        self.sends_file = True
        self.transport.resume_reading()  # so that its end is noticed
        self.due_in(MAKING_SECONDS)

    async def send(self, data: bytes) -> None:
        """Write an answer, or a part of one."""
        if not self._can_write.is_set():
            self.due_in(READ_SECONDS)
            await self._can_write.wait()
        if self.transport.is_closing():
            raise RequestCancelled
        self.transport.write(data)
        self._unsent = self.transport.get_write_buffer_size()
        self.due_in(MAKING_SECONDS if self.sends_file else READ_SECONDS)

    # The end

    def close(self, timeout: float | None = None) -> None:
        """
        Close, once the client has had a moment to read its answer.

        If something of a request is unread, the sending half is shut first, and what still comes
        is thrown away until the timer closes: so the client reads its answer and sees the end.
        """
        if self.transport is None or self.transport.is_closing():
            return
        if self._lingering or self.eof or not (self.unread or self.recv_buffer):
            super().close(timeout)
            return
        self._lingering = True
        self.room.give_back()
        self.recv_buffer.clear()
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.transport.resume_reading()
        self.due_in(LATE_LINGER_SECONDS if self.given_up else LINGER_SECONDS)

    def abort(self) -> None:
        """Close at once; Sanic's own forgets the transport, and then fails when it looks for it."""
        if self.transport is not None:
            self.transport.abort()

    def drop_unless_whole(self) -> None:
        """
        Close it since the process ends, unless a whole request has come: that is still answered.

        A request that has not come whole has written nothing, and its sender hears so by the end
        of the connection.
        """
        http: Http1 | None = self.http
        if self.transport is None:
            return
        is_stuck = self.transport.is_closing() or self.transport.get_write_buffer_size()
        if http is None or self._task is None or self._lingering or is_stuck:
            self.abort()  # there is nothing to wait for, or nobody reads the answer
        elif http.stage is Stage.IDLE:
            self._task.cancel()
        elif not http.has_come():
            self.drop()

    def drop(self) -> None:
        """Close it at once since the process ends, whatever it waits for."""
        self.dropped = True
        self.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Give back what the connection had; Sanic's part cancels its task."""
        if self._callback_check_timeouts is not None:
            self._callback_check_timeouts.cancel()
        self.room.give_back()
        super().connection_lost(exc)  # type: ignore[no-untyped-call]
