"""What an attacker sends as a request, and how the answer is named."""

import asyncio
import json
import re
from collections.abc import Mapping

NO_ANSWER = "no answer"
CUT = "cut off"

_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)


def a_post(path: str, body: bytes, *headers: str, length: int | None = None) -> bytes:
    """A request that is well-formed; *length* is what it announces where that is not its own."""
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: attacked",
        "Content-Type: application/json",
        f"Content-Length: {len(body) if length is None else length}",
        *headers,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def answer_to(reader: asyncio.StreamReader) -> tuple[str, bool]:
    """The next answer's status and code, and whether the connection may be used again."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = _LENGTH.search(head)
    body = await reader.readexactly(int(length[1]) if length else 0)
    return label(int(head.split(b" ", 2)[1]), body), b"connection: close" not in head.lower()


def label(status: int, body: bytes) -> str:
    """The status with the code where one is in the body; that of a capture says nothing new."""
    try:
        code = json.loads(body)["code"]
    except (ValueError, KeyError, TypeError):
        return str(status)
    return str(status) if status < 300 else f"{status} {code}"


def counted(answers: Mapping[str, int]) -> str:
    """Each answer with how often it came."""
    return ", ".join(f"{count:,} x {text}" for text, count in sorted(answers.items()))
