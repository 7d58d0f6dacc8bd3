"""
Where a body ends (RFC 9112, 6): by its length, or in the chunked coding, read strictly.

Sanic 25.12.1 takes what a proxy in front may read differently (`0x2`, blanks, full-width
digits, a line feed in an extension, any two bytes behind the data). If the two disagree where a
body ends, they disagree where the next request begins, which is request smuggling. So whatever
is not plainly the grammar is refused, and so are trailers, which no sender needs here.
"""

import re
from enum import Enum, auto

from sanic.exceptions import BadRequest

LONGEST_LINE_BYTES = 256
"""A size and its extensions; no sender is known to use extensions."""
FEW_CHUNKS = 4_096
LEAST_CHUNK_BYTES = 16
"""Chunks beyond the first few must have so many on average: each costs time, however short."""

_SIZE_LINE = re.compile(rb"([0-9A-Fa-f]{1,8})(?:[ \t]*;[\t -~]*)?")
_CRLF = b"\r\n"


class SizedBody:
    """
    One body in the making whose head says how many bytes it has.

    Attributes:
        left: So many bytes are known to be missing.
    """

    __slots__ = ("left",)

    def __init__(self, size: int) -> None:
        self.left = size

    def take(self, arrived: bytearray, body: bytearray) -> bool:
        """Move what has come from *arrived* to *body*; whether that was all."""
        part = arrived[: self.left]
        del arrived[: self.left]
        body += part
        self.left -= len(part)
        return self.left == 0

    def has_come(self, arrived: bytearray) -> bool:
        """Whether *arrived* has all that is missing."""
        return len(arrived) >= self.left


class _Next(Enum):
    """What comes next."""

    SIZE = auto()
    DATA = auto()
    DATA_END = auto()
    BODY_END = auto()


class ChunkedBody:
    """
    One body in the making, chunk by chunk.

    Attributes:
        left: So many bytes are known to be missing: those of this chunk.
    """

    __slots__ = ("_chunks", "_next", "left")

    def __init__(self) -> None:
        self.left = 0
        self._next = _Next.SIZE
        self._chunks = 0

    def take(self, arrived: bytearray, body: bytearray) -> bool:
        """
        Move what has come from *arrived* to *body*; whether that was all.

        Raises:
            BadRequest: It is not the chunked coding, or has a trailer.
        """
        while True:
            match self._next:
                case _Next.SIZE:
                    if not self._take_size(arrived, len(body)):
                        return False
                case _Next.DATA:
                    part = arrived[: self.left]
                    del arrived[: self.left]
                    body += part
                    self.left -= len(part)
                    if self.left:
                        return False
                    self._next = _Next.DATA_END
                case _Next.DATA_END:
                    if not _take_line_end(arrived):
                        return False
                    self._next = _Next.SIZE
                case _Next.BODY_END:
                    return _take_line_end(arrived)

    def _take_size(self, arrived: bytearray, taken: int) -> bool:
        """Take the line before a chunk's data; False while it has not come whole."""
        end = arrived.find(_CRLF, 0, LONGEST_LINE_BYTES)
        if end < 0:
            if len(arrived) >= LONGEST_LINE_BYTES:
                raise BadRequest
            return False
        line = _SIZE_LINE.fullmatch(bytes(arrived[:end]))
        if line is None:
            raise BadRequest
        self.left = int(line[1], 16)
        self._chunks += 1
        if self._chunks > FEW_CHUNKS + (taken + self.left) // LEAST_CHUNK_BYTES:
            raise BadRequest
        del arrived[: end + len(_CRLF)]
        self._next = _Next.DATA if self.left else _Next.BODY_END
        return True


def _take_line_end(arrived: bytearray) -> bool:
    """Take the line end that must come now; False while it has not come whole."""
    found = bytes(arrived[:2])
    if not _CRLF.startswith(found):
        raise BadRequest
    if found != _CRLF:
        return False
    del arrived[:2]
    return True
