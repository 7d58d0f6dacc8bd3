"""The request as this service knows it: strict about its head, with an id of its own."""

import re
from types import SimpleNamespace
from typing import Any, TypeAlias

from sanic import Request as SanicRequest
from sanic import Sanic
from sanic.compat import Header
from sanic.config import Config
from sanic.exceptions import BadRequest
from sanic.http import Http
from uuid_utils import uuid7

App: TypeAlias = Sanic[Config, SimpleNamespace]

UNUSED_BODY_BYTES = 64 * 1024
"""Of a body that no route wants, such as a GET's."""
_TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_HEAD = re.compile(
    rb"%b [!-~]+ HTTP/1\.[01](?:\r\n%b:[^\x00-\x08\x0a-\x1f\x7f]*)*" % (_TOKEN, _TOKEN)
)
"""
A request line and headers by RFC 9112, without folding.

Sanic 25.12.1 lets through what a proxy in front may read differently (blanks before a
colon, bare line feeds, vertical tabs): the material of request smuggling.
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
        if not head:
            # Sanic's stand-in for a request it could not read: a bad URL must not fail twice.
            url_bytes = b"*"
        elif _HEAD.fullmatch(head) is None or not _frames_are_plain(headers, version):
            raise BadRequest
        super().__init__(url_bytes, headers, version, method, transport, app, head, stream_id)

    async def receive_body(self) -> None:
        """Read the body, up to the limit that the route declares; Sanic knows one limit for all."""
        if isinstance(self.stream, Http):
            limit = getattr(
                self.route.ctx if self.route else None, "body_limit_bytes", UNUSED_BODY_BYTES
            )
            self.stream.request_max_size = limit
        await super().receive_body()  # type: ignore[no-untyped-call]  # Sanic's

    @classmethod
    def generate_id(cls, *_: object) -> str:
        """A sortable unique id (UUIDv7), never taken from the client."""
        return f"req_{uuid7().hex}"


def _frames_are_plain(headers: Header, version: str) -> bool:
    """One Host (RFC 9112, 3.2), and a length that everybody reads as the same number."""
    hosts = len(headers.getall("host", ()))
    length = headers.getone("content-length", "0")
    return hosts <= 1 and (hosts == 1 or version == "1.0") and length.isascii() and length.isdigit()
