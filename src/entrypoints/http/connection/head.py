"""
The head of a request: its first line and its headers, read strictly and in one pass.

Sanic 25.12.1 lets through what a proxy in front may read differently (blanks before a colon, bare
line feeds, vertical tabs, Unicode's blanks and digits around a length): the material of request
smuggling. And it reads each header by itself, which takes as long as all else that it does with a
head.
"""

import re
from typing import NamedTuple

from sanic.compat import Header
from sanic.exceptions import BadRequest, PayloadTooLarge

MOST_HEADERS = 200
"""A browser behind two proxies sends forty; every look-up goes through all of them."""
_TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_LENGTH = rb"(?i:content-length):[ \t]*[0-9]+[ \t]*"
_CODING = rb"(?i:transfer-encoding):[ \t]*(?i:chunked)[ \t]*"
_OTHER = rb"(?!(?i:content-length|transfer-encoding):)%b:[^\x00-\x08\x0a-\x1f\x7f]*" % _TOKEN
_HEAD = re.compile(
    rb"(%b) ([!-~]+) HTTP/(1\.[01])((?:\r\n(?:%b|%b|%b))*)" % (_TOKEN, _OTHER, _LENGTH, _CODING)
)
"""By RFC 9112, without folding; what frames the body in plain ASCII."""
_FIELD = re.compile(r"\r\n([^:]+):[ \t]*([^\r]*)")
_LONGEST_LENGTH = 18
"""Digits; more bytes than anybody has."""


class Head(NamedTuple):
    """
    A head that was understood.

    Attributes:
        length: How many bytes the body has; None if it comes in chunks.
    """

    method: str
    target: bytes
    version: str
    headers: Header
    length: int | None

    @property
    def keeps_alive(self) -> bool:
        """Whether the client may send another request on the connection."""
        if "connection" not in self.headers:  # as in most
            return self.version == "1.1"
        said: str = self.headers.getall("connection")[-1]
        return said.lower() == "keep-alive"


def read_head(head: bytes) -> Head:
    """
    What *head* says, which ends before its empty line.

    Raises:
        PayloadTooLarge: It has too many headers.
        BadRequest: It is not what RFC 9112 has, or may be read in two ways.
    """
    if head.count(b"\n") > MOST_HEADERS:
        raise PayloadTooLarge
    found = _HEAD.fullmatch(head)
    if found is None:
        raise BadRequest
    method, target, version, fields = found.groups()
    headers = Header(_FIELD.findall(fields.decode(errors="surrogateescape")))
    version = version.decode()
    if not _has_one_host(headers, version):
        raise BadRequest
    return Head(method.decode(), target, version, headers, _length(headers, version))


def _has_one_host(headers: Header, version: str) -> bool:
    """RFC 9112, 3.2; version 1.0 knows none."""
    hosts = len(headers.getall("host", ()))
    return hosts == 1 or (hosts == 0 and version == "1.0")


def _length(headers: Header, version: str) -> int | None:
    """RFC 9112, 6: one length, or chunks, which version 1.0 does not know."""
    lengths = headers.getall("content-length", ())
    if "transfer-encoding" in headers:
        if lengths or len(headers.getall("transfer-encoding")) > 1 or version == "1.0":
            raise BadRequest
        return None
    if not lengths:
        return 0
    length = lengths[0].strip().lstrip("0") or "0"
    if len(lengths) > 1 or len(length) > _LONGEST_LENGTH:
        raise BadRequest
    return int(length)
