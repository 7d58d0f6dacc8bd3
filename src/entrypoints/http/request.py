"""The request as this service knows it: strict about its head, with an id of its own."""

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, TypeAlias

from sanic import Request as SanicRequest
from sanic import Sanic
from sanic.compat import Header
from sanic.config import Config
from sanic.exceptions import BadRequest, PayloadTooLarge
from uuid_utils import uuid7

from domain.delivery import SMALL_BODY_BYTES
from entrypoints.http.connection.body_memory import LARGE, SMALL, UNKNOWN, WHOLE
from entrypoints.http.connection.protocol import CHUNKED, Http1
from entrypoints.http.lead_path import canonical_target

App: TypeAlias = Sanic[Config, SimpleNamespace]

MOST_HEADERS = 200
"""A browser behind two proxies sends forty; every look-up goes through all of them."""
_TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_LENGTH = rb"(?i:content-length):[ \t]*[0-9]+[ \t]*"
_CODING = rb"(?i:transfer-encoding):[ \t]*(?i:chunked)[ \t]*"
_OTHER = rb"(?!(?i:content-length|transfer-encoding):)%b:[^\x00-\x08\x0a-\x1f\x7f]*" % _TOKEN
_HEAD = re.compile(
    rb"%b [!-~]+ HTTP/1\.[01](?:\r\n(?:%b|%b|%b))*" % (_TOKEN, _OTHER, _LENGTH, _CODING)
)
"""
A request line and headers by RFC 9112, without folding; what frames the body in plain ASCII.

Sanic 25.12.1 lets through what a proxy in front may read differently (blanks before a
colon, bare line feeds, vertical tabs, Unicode's blanks and digits around a length): the
material of request smuggling.
"""


class Request(SanicRequest[App, SimpleNamespace]):
    """One HTTP request."""

    __slots__ = ()

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
        url_bytes = canonical_target(url_bytes)
        if not head:
            # Sanic's stand-in for a request it could not read: a bad URL must not fail twice.
            url_bytes = b"*"
        elif head.count(b"\n") > MOST_HEADERS:
            raise PayloadTooLarge
        elif _HEAD.fullmatch(head) is None or not _is_plain(headers, version):
            raise BadRequest
        if "transfer-encoding" in headers:
            headers["transfer-encoding"] = CHUNKED  # Sanic knows the word in small letters alone
        super().__init__(url_bytes, headers, version, method, transport, app, head, stream_id)

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

    @classmethod
    def generate_id(cls, *_: object) -> str:
        """A sortable unique id (UUIDv7), never taken from the client."""
        return f"req_{uuid7().hex}"


def _is_plain(headers: Header, version: str) -> bool:
    """One Host (RFC 9112, 3.2), and no coding that the version does not know (6.1)."""
    hosts = len(headers.getall("host", ()))
    if version == "1.0":
        return hosts <= 1 and "transfer-encoding" not in headers
    return hosts == 1
