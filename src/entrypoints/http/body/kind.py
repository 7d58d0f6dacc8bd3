"""
Of which kind a body is.

What begins as JSON is JSON, whatever its type says: `curl -d` and PHP call every body a form.
Only of other bodies does the type say what was meant.
"""

import re
from enum import Enum, auto

from sanic.compat import Header

_JSON = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n]*[{\[]")
_JSON_TYPE = re.compile(r"text/.*|application/(?:.*\+)?json")
_FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
_COMPRESSED = frozenset({"gzip", "x-gzip", "deflate", "br", "zstd", "compress", "x-compress"})
"""Codings of RFC 9110, 8.4.1 and their like; programs write `UTF-8` and other things there."""


class BodyKind(Enum):
    """How a body is to be read."""

    JSON = auto()
    FORM = auto()
    OTHER = auto()


def kind_of(headers: Header, body: bytes) -> BodyKind:
    """Of which kind *body* is; what is compressed, or has several types, is of another one."""
    codings = headers.getall("content-encoding", ())
    if codings and any(
        coding.strip().lower() in _COMPRESSED for line in codings for coding in line.split(",")
    ):
        return BodyKind.OTHER
    if _JSON.match(body):
        return BodyKind.JSON
    kinds = {_meant_by(value) for value in headers.getall("content-type", ("",))}
    return kinds.pop() if len(kinds) == 1 else BodyKind.OTHER


def _meant_by(content_type: str) -> BodyKind:
    name = content_type.partition(";")[0].strip().lower()
    if name in _FORM_TYPES:
        return BodyKind.FORM
    return BodyKind.JSON if not name or _JSON_TYPE.fullmatch(name) else BodyKind.OTHER
