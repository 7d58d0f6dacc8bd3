"""Point 5: requests that a proxy in front may read differently, and good ones that look odd."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tests.faults.attacks.measures import Finding
from tests.faults.attacks.scene import a_server
from tests.faults.attacks.sockets import CUT, NO_ANSWER, label
from tests.support.wire import Connection

PATIENCE_SECONDS = 3.0
TOGETHER = 8
REFUSED = "400 BAD_REQUEST, closed"
TAKEN = "201"

Framed = Callable[[str], bytes]
"""From the value of the key's header to the whole request."""

BLANKS = {"U+0085": "\x85", "U+00A0": "\xa0", "U+2003": "\u2003", "U+3000": "\u3000"}
CHUNKS = b"2\r\n{}\r\n0\r\n\r\n"

CHUNK_LINES = {
    "a line feed in a chunk extension": b"2;\nxx\r\n{}\r\n0\r\n\r\n",
    "a chunk size with 0x": b"0x2\r\n{}\r\n0\r\n\r\n",
    "a blank before a chunk size": b" 2\r\n{}\r\n0\r\n\r\n",
    "a blank behind a chunk size": b"2 \r\n{}\r\n0\r\n\r\n",
    "a tab before a chunk size": b"\t2\r\n{}\r\n0\r\n\r\n",
    "a chunk size in full-width digits": "\uff12\r\n{}\r\n0\r\n\r\n".encode(),
    "a chunk size with a plus": b"+2\r\n{}\r\n0\r\n\r\n",
    "a chunk size with an underscore": b"2_0\r\n" + b"{}".ljust(0x20) + b"\r\n0\r\n\r\n",
    "two other bytes behind chunk data": b"2\r\n{}xx0\r\n\r\n",
    "two line feeds behind chunk data": b"2\r\n{}\n\n0\r\n\r\n",
    "a line feed alone behind a chunk size": b"2\n{}\r\n0\r\n\r\n",
    "a line feed and CRLF behind a chunk size": b"2\n\r\n{}\r\n0\r\n\r\n",
    "an empty chunk size": b"\r\n{}\r\n0\r\n\r\n",
    "an extension without a chunk size": b";a=b\r\n{}\r\n0\r\n\r\n",
    "a chunked trailer": b"2\r\n{}\r\n0\r\nX-A: b\r\n\r\n",
}


def _framed(framing: str, body: bytes, *, version: str = "1.1", before: bytes = b"") -> Framed:
    def request(key: str) -> bytes:
        lines = f"POST /api/public/lead HTTP/{version}\r\nHost: x\r\nX-Api-Key: {key}\r\n{framing}"
        return before + lines.encode() + b"\r\n\r\n" + body

    return request


def _chunked(body: bytes, value: str = "chunked", version: str = "1.1") -> Framed:
    return _framed(f"Transfer-Encoding: {value}", body, version=version)


BAD: dict[str, Framed] = {
    **{f"Transfer-Encoding behind {n}": _chunked(CHUNKS, f"{c}chunked") for n, c in BLANKS.items()},
    **{f"Transfer-Encoding before {n}": _chunked(CHUNKS, f"chunked{c}") for n, c in BLANKS.items()},
    **{f"Content-Length behind {n}": _framed(f"Content-Length: {c}2", b"{}")
       for n, c in BLANKS.items()},
    **{f"Content-Length before {n}": _framed(f"Content-Length: 2{c}", b"{}")
       for n, c in BLANKS.items()},
    "Transfer-Encoding in HTTP/1.0": _chunked(CHUNKS, version="1.0"),
    **{name: _chunked(body) for name, body in CHUNK_LINES.items()},
}  # fmt: skip

GOOD: dict[str, Framed] = {
    "Transfer-Encoding: Chunked": _chunked(CHUNKS, "Chunked"),
    "CRLF before the request line": _framed("Content-Length: 2", b"{}", before=b"\r\n"),
    "a chunk extension": _chunked(b"2;a=b\r\n{}\r\n0\r\n\r\n"),
}


def framing(_seconds: float) -> Finding:
    """Requests with ambiguous framing, each of which must be 400 and close, and three good ones."""
    with a_server() as (store, server):
        key = store.account().key

        def answered(case: Framed) -> str:
            return _answer(server.port, case(key))

        with ThreadPoolExecutor(TOGETHER) as together:
            bad = dict(zip(BAD, together.map(answered, BAD.values()), strict=True))
            good = dict(zip(GOOD, together.map(answered, GOOD.values()), strict=True))
    wrong = [
        *(f"{name}: {got} (must be {REFUSED})." for name, got in bad.items() if got != REFUSED),
        *(f"{name}: {got} (must be {TAKEN})." for name, got in good.items() if got != TAKEN),
    ]  # fmt: skip
    sent = f"{len(BAD)} ambiguous requests and {len(GOOD)} good ones"
    return Finding(sent, Counter([*bad.values(), *good.values()]), also_broken=wrong)


def _answer(port: int, request: bytes) -> str:
    """How a request is answered, and, where it is refused, whether the connection is closed."""
    with Connection(port) as connection:
        connection.socket.settimeout(PATIENCE_SECONDS)
        try:
            connection.send(request)
            answer = connection.receive()
        except TimeoutError:
            return NO_ANSWER
        if answer is None:
            return CUT
        told = label(answer.status, answer.body)
        return told if told == TAKEN else f"{told}, {_end(connection)}"


def _end(connection: Connection) -> str:
    try:
        return "closed" if connection.is_closed() else "more came"
    except TimeoutError:
        return "open"
