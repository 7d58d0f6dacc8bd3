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
from entrypoints.http.leads.lead_path import LEAD_PATH, LEAD_TARGET, canonical_target
from entrypoints.process.logs import begin_call

App: TypeAlias = Sanic[Config, SimpleNamespace]


class Request(SanicRequest[App, SimpleNamespace]):
    """
    One HTTP request.

    Attributes:
        began_at: When its head had come, on the monotonic clock, in seconds.
        ctx: What was noted of it; of that the log says what is no secret.
        id: A sortable unique id (UUIDv7), never taken from the client.
        is_lead: Whether a lead is posted with it.
        _is_logged: Whether the log has its line.
        _is_whole: Whether it has all that Sanic's requests have.
    """

    # Sanic makes `ctx` and `id` when somebody asks, each time through a property.
    __slots__ = ("_is_logged", "_is_whole", "began_at", "ctx", "id", "is_lead")
    ctx: SimpleNamespace
    id: str

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
        self.began_at = time.monotonic()
        self._is_logged = False
        self.id = f"req_{uuid7().hex}"
        self.ctx = SimpleNamespace()
        if url_bytes == LEAD_TARGET and method == "POST":
            # As nearly all are. A third of what Sanic sets is enough: the rest comes if asked for.
            self.is_lead, self._is_whole = True, False
            self.raw_url, self.method, self.head = url_bytes, method, head
            self.headers, self.version, self.transport, self.app = headers, version, transport, app
            self.conn_info = self.route = self.stream = None
            self.responded = False
        else:
            # Without a head it is Sanic's stand-in for a request that could not be read: a bad URL
            # must not fail twice.
            target = canonical_target(url_bytes) if head else b"*"
            self.is_lead, self._is_whole = False, True
            super().__init__(target, headers, version, method, transport, app, head, stream_id)
            # Also with a query, or as http://host/api/public/lead, which RFC 9112 (3.2.2) allows.
            self.is_lead = method == "POST" and self.path == LEAD_PATH
        begin_call(self.id)

    def __getattr__(self, name: str) -> Any:
        """What nobody has set yet: with it comes all that Sanic sets, but for what is there."""
        if name == "_is_whole" or self._is_whole:
            raise AttributeError(name)
        self._is_whole = True
        sanics = SanicRequest(
            self.raw_url,
            self.headers,
            self.version,
            self.method,
            self.transport,
            self.app,
            self.head,
        )
        for one in SanicRequest.__slots__:
            if one != "__weakref__" and hasattr(sanics, one) and not hasattr(self, one):
                setattr(self, one, getattr(sanics, one))
        return getattr(self, name)

    async def respond(self, response: BaseHTTPResponse | None = None, **how: Any) -> Any:
        """
        Begin the answer, as Sanic's does, and finish it as every answer is (`Finishing`).

        A middleware would do the same, and takes Sanic as long as the rest of an answer. Where one
        could not be sent, another one comes in its place: the log has the line of the first.
        """
        if response is None or self.stream is None:
            response = await super().respond(response, **how)
        else:
            self.stream.respond(response)
        self.app.ctx.finishing.add_headers(self, response)
        self.finish(response.status)
        self.responded = True
        return response

    def finish(self, status: int) -> None:
        """Let the log have the line of this request, unless it has one; before the answer goes."""
        self.app.ctx.finishing.finish(self, status, is_logged=self._is_logged)
        self._is_logged = True

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
    def path(self) -> str:
        """The path that was asked for, without the query."""
        return LEAD_PATH if self.is_lead else super().path
