"""
One connection: how long it may take, how much of it is kept, and how it ends.

Sanic's protocol and its HTTP/1.1 stage, with what a hostile or unlucky client needs. What
Sanic 25.12.1 does instead is said at each place; where nothing is said, its own code runs.

The order of trust: the head is read, then the handler judges who is calling, and only then
it asks for the body (`Http1.body`). What is left unread is never waited for.

`Http1` is one request after the other, `Protocol` is the connection that they come through.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from sanic.exceptions import BadRequest, PayloadTooLarge, RequestTimeout, ServiceUnavailable
from sanic.http import Http, Stage
from sanic.server.protocols.http_protocol import HttpProtocol

from entrypoints.http.connection.body_framing import ChunkedBody, SizedBody
from entrypoints.http.connection.body_memory import KIB, UNKNOWN, Room

IDLE_SECONDS = 60.0
"""So long a connection without a request stays; a proxy in front must end idle ones sooner."""
ARRIVAL_SECONDS = 30.0
"""So long after its first byte a request has arrived whole, in whichever steps it comes."""
ANSWER_SECONDS = 10.0
"""So long after its last byte a request is answered."""
READ_SECONDS = 30.0
"""An answer is given up when its client has read nothing of it for so long."""
MAKING_SECONDS = 3600.0
"""So long each part of a file may take that is made while it is sent."""
LINGER_SECONDS = 2.0
LATE_LINGER_SECONDS = 0.5  # for a client that has had thirty seconds already
LINGER_BYTES = 256 * KIB
"""
So long, or so much, is read and thrown away of a body that was not wanted: a connection that is
closed with unread bytes in it is reset, and its client may never see the answer.
"""
AHEAD_SECONDS = 0.002
"""The pause before a request that was sent before the one before it was answered."""
LARGEST_HEAD_BYTES = 32 * KIB
"""Behind one proxy with other services, a page sends all of their cookies along."""
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
CHUNKED = "chunked"


class Http1(Http):
    """
    Requests and answers on one connection.

    Attributes:
        whole: The request has arrived with all of its body.
        _body: What is still to come of it; None before its head was understood.
        _taken: What has come of its body.
    """

    HEADER_MAX_SIZE = LARGEST_HEAD_BYTES  # Sanic knows 16 KiB at most
    __slots__ = ("_body", "_came_ahead", "_taken", "whole")
    protocol: "Protocol"
    _body: SizedBody | ChunkedBody | None
    _taken: bytearray

    def init_for_request(self) -> None:
        """Wait for the next request."""
        super().init_for_request()  # type: ignore[no-untyped-call]
        self.whole = False
        self._body = None
        self._taken = bytearray()
        self._came_ahead = bool(self.recv_buffer)
        self.protocol.sends_file = False
        self.protocol.room.give_back()
        self.protocol.due_in(IDLE_SECONDS)

    async def http1_request_header(self) -> None:
        """Read the head of a request."""
        if self._came_ahead:
            # Thousands can come in one packet. Without a pause they are answered in one go, and
            # nobody else is; a lead needs several turns of the loop.
            await asyncio.sleep(AHEAD_SECONDS)
        await self._skip_empty_lines()
        self.protocol.unread = True
        self.protocol.due_in(ARRIVAL_SECONDS)
        await super().http1_request_header()  # type: ignore[no-untyped-call]
        if str(self.request_body) == CHUNKED:
            del self.recv_buffer[:2]  # Sanic's own reader begins with the head's last line end
            self._body = ChunkedBody()
        else:
            self._body = SizedBody(self.request_bytes_left or 0)
        # From here on this class reads the body. Sanic would read it before anybody has asked who
        # is calling, and after every error would wait for its end, for ever.
        self.request_body = None
        if isinstance(self._body, ChunkedBody) or self.has_come():
            self._take()
        if not self.whole:
            self.protocol.transport.pause_reading()  # until somebody wants it

    def least_size(self) -> int:
        """So many bytes the body is known to have, though they may not have come yet."""
        return len(self._taken) + (self._body.left if self._body is not None else 0)

    def size(self) -> int:
        """How many bytes of the request are in memory."""
        return len(self._taken) + len(self.recv_buffer)

    async def body(self, limit: int, count: Callable[[int], None]) -> bytes:
        """
        The whole body, as soon as it is there.

        Args:
            limit: The most bytes that it may have.
            count: Called with the number of bytes that are there, before more are waited for;
                may raise.

        Raises:
            PayloadTooLarge, BadRequest: It is longer, or not coded as RFC 9112 has it.
        """
        while not self._take():
            if self.least_size() > limit:
                raise PayloadTooLarge
            count(self.size())
            if self.expecting_continue:
                self.expecting_continue = False
                self.protocol.transport.write(CONTINUE)  # no answer yet: no deadline changes
            await self._receive_more()
        if len(self._taken) > limit:
            raise PayloadTooLarge
        count(len(self._taken))
        return bytes(self._taken)

    def has_come(self) -> bool:
        """Whether nothing of the request is missing, though it may not have been read yet."""
        if self.whole or not isinstance(self._body, SizedBody):
            return self.whole  # of chunks, all that came was taken
        return self._body.has_come(self.recv_buffer)

    async def http1_response_header(self, data: bytes, end_stream: bool) -> None:  # noqa: FBT001  Sanic's
        """
        Answer; a request whose body has not come whole is the last one of its connection.

        It waits in the line of refusals first, and its memory is given back before that: who sends
        refused bodies without end must cost neither memory nor the processor.
        """
        self.expecting_continue = False  # Sanic would send 100 Continue, then the refusal
        with suppress(BadRequest):
            self._take()  # a body that nobody asked for is no part of the next request
        if not self.whole and self._body is not None and not self.protocol.given_up:
            self._forget_body()
            pace, now = self.protocol.app.ctx.refusal_pace, self.protocol.loop.time()
            await asyncio.sleep(pace.seconds_to_wait(now))
        if not self.whole or (self.protocol.eof and not self.recv_buffer):
            self.keep_alive = False
        await super().http1_response_header(data, end_stream)

    async def _skip_empty_lines(self) -> None:
        """Skip a line end left over from the request before (RFC 9112, 2.2)."""
        arrived = self.recv_buffer
        self.stage = Stage.IDLE
        while True:
            while arrived.startswith(b"\r\n"):
                del arrived[:2]
            if arrived not in (b"", b"\r"):
                break
            await self._receive_more()
        self.stage = Stage.REQUEST

    def _forget_body(self) -> None:
        self._taken.clear()
        self.recv_buffer.clear()
        self.protocol.room.give_back()

    def _take(self) -> bool:
        """Take what has come of the body; whether that was all."""
        if self._body is None or self.whole:
            return self.whole
        try:
            self.whole = self._body.take(self.recv_buffer, self._taken)
        except BadRequest:
            self._body = None  # nobody knows where the next request would begin
            raise
        if self.whole:
            # Read no more until this request is answered: the next one stays in the socket. So a
            # client that goes away meanwhile is not noticed; its lead is written all the same.
            self.protocol.transport.pause_reading()
            self.protocol.unread = False
            self.protocol.due_in(ANSWER_SECONDS)
        return self.whole


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
        self.room = Room(app.ctx.body_memory)
        self.unread = self.dropped = self.eof = self.sends_file = False
        self._lingering = False
        self._linger_left = LINGER_BYTES
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
        super().data_received(data)

    def eof_received(self) -> bool:
        """
        Go on: a client that has shut its sending half down may still wait for the answer.

        Nobody can know whether it does. Sanic would take it for gone and cancel its task, and the
        client that waits would get no answer. Only a file ends here: it may take long to make.
        """
        if self.sends_file:
            self.abort()
        self.eof = True
        self._data_received.set()
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
            await super().receive_more()  # type: ignore[no-untyped-call]
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
        self.due_in(READ_SECONDS)
        await super().send(data)  # type: ignore[no-untyped-call]
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
