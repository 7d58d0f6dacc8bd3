"""The request as this service knows it: with an id of its own, and a body that is asked for."""

import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, TypeAlias

from sanic import Request as SanicRequest
from sanic import Sanic
from sanic.compat import Header
from sanic.config import Config
from sanic.exceptions import PayloadTooLarge
from sanic.response import BaseHTTPResponse
from uuid_utils import uuid7

from domain.delivery import SMALL_BODY_BYTES
from entrypoints.http.connection.body_memory import LARGE, SMALL, UNKNOWN, WHOLE
from entrypoints.http.connection.http1 import Http1
from entrypoints.http.lead_path import canonical_target
from entrypoints.process.logs import begin_call

App: TypeAlias = Sanic[Config, SimpleNamespace]


class Request(SanicRequest[App, SimpleNamespace]):
    """
    One HTTP request.

    Attributes:
        began_at: When its head had come, on the monotonic clock, in seconds.
        _is_logged: Whether the log has its line.
    """

    __slots__ = ("_is_logged", "began_at")

    def __init__(
        self,
        url_bytes: bytes,
        headers: Header,
        version: str,
        method: str,
        transport: Any,
        app: App,
        head: bytes = b"",
        stream_id: int = 0,
    ) -> None:
        # Without a head it is Sanic's stand-in for a request that could not be read: a bad URL must
        # not fail twice.
        url_bytes = canonical_target(url_bytes) if head else b"*"
        super().__init__(url_bytes, headers, version, method, transport, app, head, stream_id)
        self.began_at = time.monotonic()
        self._is_logged = False
        begin_call(self.id)

    async def respond(self, response: BaseHTTPResponse | None = None, **how: Any) -> Any:
        """
        Begin the answer, as Sanic's does, and finish it as every answer is (`app.ctx.finish`).

        A middleware would do the same, and takes Sanic as long as the rest of an answer. Where one
        could not be sent, another one comes in its place: the log has the line of the first.
        """
        if response is None or self.stream is None:
            response = await super().respond(response, **how)
        else:
            self.stream.respond(response)
        self.app.ctx.finish(self, response, is_logged=self._is_logged)
        self._is_logged = self.responded = True
        return response

    def refuse_larger_than(self, limit: int) -> None:
        """
        Refuse a body that is known to have more than *limit* bytes.

        Raises:
            PayloadTooLarge: It has.
        """
        if self.least_size() > limit:
            raise PayloadTooLarge

    def least_size(self) -> int:
        """So many bytes the body is known to have, though they may not have come yet."""
        return self.stream.least_size() if isinstance(self.stream, Http1) else 0

    def count_unread(self, client: str | None) -> None:
        """
        Count what has come of the body for *client*, whose key is not known yet.

        None is for all of whom nobody knows that they are one client.

        Raises:
            Overloaded: All that such clients have sent takes too much room.
        """
        if isinstance(self.stream, Http1) and not self.stream.whole:
            self.stream.protocol.room.take(UNKNOWN, client, self.stream.size())

    async def whole_body(
        self, limit: int, project_id: str, judge: Callable[[int], None] | None = None
    ) -> bytes:
        """
        The body, read now.

        Args:
            limit: The most bytes that it may have.
            project_id: The project whose key the call has, or the user who is signed in.
            judge: Called with its size as far as that is known, whenever more is; may raise.

        Raises:
            PayloadTooLarge: It has more than *limit* bytes.
            BadRequest: Its coding is broken.
            Overloaded: All bodies that are being received take too much room.
        """
        if not isinstance(self.stream, Http1):
            return b""
        stream, room = self.stream, self.stream.protocol.room
        if stream.whole and judge is None:  # as nearly all are that come to the lead path
            body = stream.whole_body(limit)
            room.take(WHOLE, project_id, len(body))
            return body

        def count(size: int) -> None:
            if judge is not None:
                judge(max(size, stream.least_size()))
            small = WHOLE if stream.whole else SMALL
            room.take(small if size <= SMALL_BODY_BYTES else LARGE, project_id, size)

        return await self.stream.body(limit, count)

    async def strangers_body(self, limit: int, client: str | None) -> bytes:
        """
        The body of a call whose sender nobody knows, read now; *client* is as in `count_unread`.

        Raises:
            PayloadTooLarge: It has more than *limit* bytes.
            BadRequest: Its coding is broken.
            Overloaded: All that such clients have sent takes too much room.
        """
        if not isinstance(self.stream, Http1):
            return b""
        room = self.stream.protocol.room
        return await self.stream.body(limit, lambda size: room.take(UNKNOWN, client, size))

    def begin_file(self) -> None:
        """Answer with a file that is made while it is sent; if its client leaves, it ends."""
        if isinstance(self.stream, Http1):
            self.stream.protocol.begin_file()

    def break_off(self) -> None:
        """Close the connection in the middle of an answer, so that nobody takes it for whole."""
        if isinstance(self.stream, Http1):
            self.stream.protocol.abort()

    @property
    def id(self) -> str:
        """A sortable unique id (UUIDv7), never taken from the client."""
        if self._id is None:
            self._id = f"req_{uuid7().hex}"
        return str(self._id)
