"""
Requests and answers on one connection, one after the other.

Sanic's HTTP/1.1 stage, with what a hostile or unlucky client needs. What Sanic 25.12.1 does instead
is said at each place; where nothing is said, its own code runs.

The order of trust: the head is read, then the handler judges who is calling, and only then
it asks for the body (`Http1.body`). What is left unread is never waited for.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sanic.exceptions import BadRequest, ExpectationFailed, PayloadTooLarge
from sanic.http import Http, Stage

from entrypoints.http.connection.answer_bytes import in_one_piece
from entrypoints.http.connection.body_framing import ChunkedBody, SizedBody
from entrypoints.http.connection.body_memory import KIB
from entrypoints.http.connection.head import Head, read_head

if TYPE_CHECKING:  # each is made for the other
    from entrypoints.http.connection.protocol import Protocol

IDLE_SECONDS = 60.0
"""So long a connection without a request stays; a proxy in front must end idle ones sooner."""
ARRIVAL_SECONDS = 30.0
"""So long after its first byte a request has arrived whole, in whichever steps it comes."""
ANSWER_SECONDS = 10.0
"""So long after its last byte a request is answered."""
AHEAD_SECONDS = 0.002
"""The pause before a request that was sent before the one before it was answered."""
LARGEST_HEAD_BYTES = 32 * KIB
"""Behind one proxy with other services, a page sends all of their cookies along."""
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
END_OF_HEAD = b"\r\n\r\n"


class Http1(Http):
    """
    Requests and answers on one connection.

    Attributes:
        whole: The request has arrived with all of its body.
        _body: What is still to come of it; None before its head was understood.
        _taken: What has come of its body.
    """

    __slots__ = ("_body", "_came_ahead", "_taken", "whole")
    protocol: "Protocol"
    response_func: Any
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
        if self.recv_buffer[:1] in (b"", b"\r"):
            await self._skip_empty_lines()
        self.stage = Stage.REQUEST
        self.protocol.unread = True
        self.protocol.due_in(ARRIVAL_SECONDS)
        head = self._take_head(self.recv_buffer.find(END_OF_HEAD)) or await self._whole_head()
        found = read_head(head)
        self.keep_alive, self.head_only = found.keeps_alive, found.method.upper() == "HEAD"
        self._make_request(head, found)
        if found.length != 0:
            self._expect(found.headers.getone("expect", ""))
        self._begin_body(found.length)

    def _take_head(self, end: int) -> bytes:
        """The bytes before the empty line at *end*, taken out of what has come; none if -1."""
        if end < 0:
            return b""
        if end >= LARGEST_HEAD_BYTES:
            raise PayloadTooLarge
        head = bytes(self.recv_buffer[:end])
        del self.recv_buffer[: end + len(END_OF_HEAD)]
        return head

    async def _whole_head(self) -> bytes:
        """Wait until the head has come, and take it."""
        arrived, searched = self.recv_buffer, 0
        while (end := arrived.find(END_OF_HEAD, searched)) < 0 and searched < LARGEST_HEAD_BYTES:
            searched = max(0, len(arrived) - len(END_OF_HEAD) + 1)
            if searched < LARGEST_HEAD_BYTES:
                await self._receive_more()
        if end < 0:
            raise PayloadTooLarge
        return self._take_head(end)

    def _make_request(self, head: bytes, found: Head) -> None:
        protocol = self.protocol
        self.request = request = protocol.request_class(
            url_bytes=found.target,
            headers=found.headers,
            head=head,
            version=found.version,
            method=found.method,
            transport=protocol.transport,
            app=protocol.app,
        )
        request.stream = self

    def _expect(self, expected: str) -> None:
        if expected:
            if expected.lower() != "100-continue":
                raise ExpectationFailed
            self.expecting_continue = True

    def _begin_body(self, length: int | None) -> None:
        """
        Take what has come of the body; all of it, as a rule.

        From here on this class reads it. Sanic would read it before anybody has asked who is
        calling, and after every error would wait for its end, for ever.
        """
        arrived = self.recv_buffer
        if length is None:
            self._body = ChunkedBody()
            self._take()
        elif length <= len(arrived):
            self._taken = arrived[:length]
            del arrived[:length]
            self._end_body()
        else:
            self._body = SizedBody(length)
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
        body = self.whole_body(limit)
        count(len(body))
        return body

    def whole_body(self, limit: int) -> bytes:
        """
        The body, which has come whole.

        Raises:
            PayloadTooLarge: It has more than *limit* bytes.
        """
        if len(self._taken) > limit:
            raise PayloadTooLarge
        return bytes(self._taken)

    def has_come(self) -> bool:
        """Whether nothing of the request is missing, though it may not have been read yet."""
        if self.whole or not isinstance(self._body, SizedBody):
            return self.whole  # of chunks, all that came was taken
        return self._body.has_come(self.recv_buffer)

    async def http1_response_header(self, data: bytes, end_stream: bool) -> None:  # noqa: FBT001  Sanic's
        """Answer; a request whose body has not come whole is the last one of its connection."""
        await self.give_up_body()
        keep_alive = self.decide_keep_alive()
        plain = not data and not self.head_only
        answer = in_one_piece(self.response, keep_alive=keep_alive) if plain else None
        if answer is None:
            await super().http1_response_header(data, end_stream)
        else:
            await self.send_answer(answer)

    async def give_up_body(self) -> None:
        """
        Ask for no more of the body, before the answer.

        Of a request that has not come whole, the answer waits in the line of refusals, and its
        memory is given back before that: who sends refused bodies without end must cost neither
        memory nor the processor.
        """
        self.expecting_continue = False  # Sanic would send 100 Continue, then the refusal
        if not self.whole:
            with suppress(BadRequest):
                self._take()  # a body that nobody asked for is no part of the next request
        if not self.whole and self._body is not None and not self.protocol.given_up:
            self._forget_body()
            pace, now = self.protocol.app.ctx.refusal_pace, self.protocol.loop.time()
            await asyncio.sleep(pace.seconds_to_wait(now))

    def decide_keep_alive(self) -> bool:
        """Decide whether another request may come after the answer that is sent now, and say so."""
        if not self.whole or (self.protocol.eof and not self.recv_buffer):
            self.keep_alive = False
        return self.keep_alive

    async def send_answer(self, answer: bytes) -> None:
        """Send a whole answer, its head included."""
        self.response_func = None
        await self.protocol.send(answer)
        self.stage = Stage.IDLE

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
            self._end_body()
        return self.whole

    def _end_body(self) -> None:
        """
        Read no more until this request is answered: the next one stays in the socket.

        So a client that goes away meanwhile is not noticed; its lead is written all the same.
        """
        self.whole = True
        self.protocol.transport.pause_reading()
        self.protocol.unread = False
        self.protocol.due_in(ANSWER_SECONDS)
