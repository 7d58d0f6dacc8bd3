"""An answer as the bytes that go to the client."""

from http import HTTPStatus

from sanic.response import BaseHTTPResponse

OWN_FRAMING = ("content-length", "transfer-encoding", "connection")
"""Where a handler has set one of these, Sanic knows what to do."""
_WITHOUT_BODY = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
STATUS_LINES = {
    one.value: f"HTTP/1.1 {one.value} {one.phrase}\r\n"
    for one in HTTPStatus
    if one >= HTTPStatus.OK and one not in _WITHOUT_BODY
}
CONNECTION = ("connection: close", "connection: keep-alive")
"""Whether another request may come after the answer."""


def in_one_piece(answer: BaseHTTPResponse, *, keep_alive: bool) -> bytes | None:
    """
    The *answer*, if its body is there and its headers are plain, as nearly all are.

    None for any other, which Sanic writes. It leaves line ends out of every header, letter by
    letter, and encodes each by itself: that costs as much as half of the rest of an answer.
    """
    body, headers = answer.body, answer.headers
    first = STATUS_LINES.get(answer.status)
    if not body or first is None:
        return None
    for name in OWN_FRAMING:
        if name in headers:
            return None
    headers.setdefault("content-type", answer.content_type)
    fields = "\r\n".join([f"{name}: {value}" for name, value in headers.items()])
    if fields.count("\r") + 1 != len(headers) or fields.count("\n") + 1 != len(headers):
        return None
    head = f"{first}{fields}\r\ncontent-length: {len(body)}\r\n{CONNECTION[keep_alive]}\r\n\r\n"
    return head.encode(errors="surrogateescape") + body
