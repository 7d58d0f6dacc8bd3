"""HTTP that cannot be understood, is too large, too slow, or of the wrong type."""

import json
import socket

import pytest

from tests.entrypoints.http.conftest import LEAD, Post
from tests.support.program import Server
from tests.support.stores import SQLITE, Account
from tests.support.wire import Answer, Connection, raw, request

pytestmark = pytest.mark.parametrize("store", [SQLITE], indirect=True, scope="session")
"""What happens before a store is asked is the same on every store."""


def assert_envelope(answer: Answer | None, status: int, code: str) -> None:
    assert answer is not None, "closed without an answer"
    assert answer.status == status
    assert answer.headers["content-type"] == "application/json"
    assert list(answer.json())[:3] == ["code", "message", "request_id"]
    assert answer.code == code
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


HEAD = b"POST /api/public/lead HTTP/1.1\r\nHost: x\r\n"

CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
BLANKS = {"U+0085": "\x85", "U+00A0": "\xa0", "U+2003": "\u2003", "U+3000": "\u3000"}
"""What Python strips, and no other reader of HTTP does."""

MALFORMED = {
    "no HTTP": b"hello\r\n\r\n",
    "HTTP/0.9": b"GET /\r\n\r\n",
    "HTTP/2.0": b"GET / HTTP/2.0\r\nHost: x\r\n\r\n",
    "CONNECT": b"CONNECT a:443 HTTP/1.1\r\nHost: x\r\n\r\n",
    "a URL that is none": b"GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n",
    "non-ASCII URL": b"GET /\xc3\xa9 HTTP/1.1\r\nHost: x\r\n\r\n",
    "two lengths": HEAD + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
    "length and chunks": HEAD + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
    "negative length": HEAD + b"Content-Length: -1\r\n\r\n",
    "signed length": HEAD + b"Content-Length: +2\r\n\r\n{}",
    "list of lengths": HEAD + b"Content-Length: 2, 2\r\n\r\n{}",
    "full-width digits": HEAD + "Content-Length: \uff12\r\n\r\n{}".encode(),
    "blank before the colon": HEAD + b"Content-Length : 2\r\n\r\n{}",
    "vertical tab": HEAD + b"Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n",
    "bare line feed in a value": HEAD + b"X-A: b\nX-C: d\r\n\r\n",
    "bare carriage return in a value": HEAD + b"X-A: b\rX-C: d\r\n\r\n",
    "NUL in a value": HEAD + b"X-A: b\0c\r\n\r\n",
    "folded header": HEAD + b"X-A: b\r\n c\r\n\r\n",
    "no Host": b"POST /api/public/lead HTTP/1.1\r\n\r\n",
    "two Hosts": HEAD + b"Host: y\r\n\r\n",
    "header without a colon": HEAD + b"X-A\r\n\r\n",
    "unknown transfer encoding": HEAD + b"Transfer-Encoding: gzip\r\n\r\n",
    "bad chunk size": HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    **{
        f"{header}, {where} {name}": HEAD + f"{header}: {text}\r\n\r\n{body}".encode()
        for name, blank in BLANKS.items()
        for header, value, body in (
            ("Content-Length", "2", "{}"),
            ("Transfer-Encoding", "chunked", "2\r\n{}\r\n0\r\n\r\n"),
        )
        for where, text in (("behind", blank + value), ("before", value + blank))
    },
    "chunks in HTTP/1.0": CHUNKED.replace(b"HTTP/1.1", b"HTTP/1.0") + b"2\r\n{}\r\n0\r\n\r\n",
    "line feed in an extension": CHUNKED + b"2;\nxx\r\n{}\r\n0\r\n\r\n",
    "carriage return in an extension": CHUNKED + b"2;\rxx\r\n{}\r\n0\r\n\r\n",
    "line feed alone behind a size": CHUNKED + b"2\n{}\r\n0\r\n\r\n",
    "hexadecimal with its prefix": CHUNKED + b"0x2\r\n{}\r\n0\r\n\r\n",
    "blank before a size": CHUNKED + b" 2\r\n{}\r\n0\r\n\r\n",
    "blank behind a size": CHUNKED + b"2 \r\n{}\r\n0\r\n\r\n",
    "full-width size": CHUNKED + "\uff12\r\n{}\r\n0\r\n\r\n".encode(),
    "signed size": CHUNKED + b"+2\r\n{}\r\n0\r\n\r\n",
    "underscore in a size": CHUNKED + b"0_2\r\n{}\r\n0\r\n\r\n",
    "empty size": CHUNKED + b"\r\n{}\r\n0\r\n\r\n",
    "a size without end": CHUNKED + b"0" * 300,
    "two bytes in place of the line end": CHUNKED + b"2\r\n{}xx0\r\n\r\n",
    "line feed in place of the line end": CHUNKED + b"2\r\n{}\n0\r\n\r\n",
    "one chunk a byte, without end": CHUNKED + b"1\r\n \r\n" * 5_000,
    "trailers": HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX-A: b\r\n\r\n",
}


@pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED.keys())
def test_http_that_cannot_be_understood_is_400_and_ends_the_connection(
    server: Server, data: bytes
) -> None:
    with Connection(server.port) as connection:
        connection.send(data)
        answer = connection.receive()

        assert_envelope(answer, 400, "BAD_REQUEST")
        assert connection.is_closed()


WELL_FORMED = {
    "Chunked in capitals": b"Transfer-Encoding:\tChunKed \r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    "an extension": b"Transfer-Encoding: chunked\r\n\r\n2;a=b ; c\r\n{}\r\n0;d\r\n\r\n",
    "sizes with zeros": b"Transfer-Encoding: chunked\r\n\r\n0002\r\n{}\r\n000\r\n\r\n",
    "many chunks": b"Transfer-Encoding: chunked\r\n\r\n"
    + b"1\r\n \r\n" * 200
    + b"2\r\n{}\r\n0\r\n\r\n",
    "a length with zeros and blanks": b"Content-Length: \t 002\t \r\n\r\n{}",
}


@pytest.mark.parametrize("rest", WELL_FORMED.values(), ids=WELL_FORMED.keys())
@pytest.mark.parametrize("step", [1_000_000, 1], ids=["at once", "byte by byte"])
def test_http_that_is_unusual_but_plain_is_understood(
    server: Server, account: Account, rest: bytes, step: int
) -> None:
    key = f"X-Api-Key: {account.key}\r\n".encode()
    data = b"\r\n\r\n" + HEAD + key + rest
    with Connection(server.port) as connection:
        connection.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for start in range(0, len(data), step):
            connection.send(data[start : start + step])
        answer = connection.receive()

        assert answer is not None
        assert answer.status == 201
        assert answer.headers["connection"] == "keep-alive"


def test_headers_too_large_are_413(server: Server) -> None:
    for data in (HEAD + b"X-A: " + b"b" * 33_000 + b"\r\n\r\n", b"GET /" + b"a" * 33_000):
        assert_envelope(raw(server.port, data), 413, "BODY_TOO_LARGE")


def test_an_expectation_that_cannot_be_met_is_417(server: Server) -> None:
    data = HEAD + b"Content-Length: 2\r\nExpect: tea\r\n\r\n{}"

    assert_envelope(raw(server.port, data), 417, "EXPECTATION_FAILED")


def test_a_client_that_waits_for_100_continue_is_served(server: Server, account: Account) -> None:
    with Connection(server.port) as connection:
        head = HEAD + f"X-Api-Key: {account.key}\r\n".encode()
        connection.send(head + b"Content-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        assert connection.socket.recv(100).startswith(b"HTTP/1.1 100")
        connection.send(b"{}")
        answer = connection.receive()

    assert answer is not None
    assert answer.status == 201


def padded(size: int) -> bytes:
    """A lead whose body has exactly *size* bytes."""
    empty = json.dumps({"attributes": {"a": ""}}).encode()
    return empty.replace(b'""', b'"' + b"x" * (size - len(empty)) + b'"')


def test_a_body_of_64_kib_is_taken_and_a_byte_more_is_413(post: Post) -> None:
    assert post(padded(65_536)).status == 201
    assert_envelope(post(padded(65_537)), 413, "BODY_TOO_LARGE")


def test_a_chunked_body_is_measured_too(server: Server, account: Account) -> None:
    head = HEAD + f"X-Api-Key: {account.key}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    answers = []
    for size in (65_536, 65_537):
        body = padded(size)
        chunks = b"".join(
            b"%x\r\n%b\r\n" % (len(part), part)
            for part in (body[start : start + 10_000] for start in range(0, size, 10_000))
        )
        answers.append(raw(server.port, head + chunks + b"0\r\n\r\n"))

    assert answers[0] is not None
    assert answers[0].status == 201
    assert_envelope(answers[1], 413, "BODY_TOO_LARGE")


@pytest.mark.parametrize("size", [1_000_000, 3_000_000, 20_000_000])
def test_a_client_that_sends_far_too_much_still_reads_its_413(post: Post, size: int) -> None:
    assert_envelope(post(padded(size)), 413, "BODY_TOO_LARGE")


def test_a_length_beyond_every_limit_is_413_before_a_body_comes(server: Server) -> None:
    data = HEAD + b"Content-Length: 99999999999\r\n\r\n"

    assert_envelope(raw(server.port, data), 413, "BODY_TOO_LARGE")


def test_json_is_taken_whatever_its_type_says(post: Post) -> None:
    assert post({}, Content_Type="application/x-www-form-urlencoded").status == 201
    assert post({}, Content_Type=None, Content_Encoding="UTF-8").status == 201


@pytest.mark.parametrize("content_type", ["application/xml", "application/x-www-form-urlencoded"])
def test_what_is_not_json_and_does_not_say_so_is_415(post: Post, content_type: str) -> None:
    answer = post(b"name=Ada", Content_Type=content_type)

    assert_envelope(answer, 415, "UNSUPPORTED_MEDIA_TYPE")


def test_a_compressed_body_is_415(post: Post) -> None:
    answer = post(b"\x1f\x8b", Content_Encoding="gzip")

    assert_envelope(answer, 415, "UNSUPPORTED_MEDIA_TYPE")


def test_text_plain_must_hold_json(post: Post) -> None:
    assert_envelope(post(b"hello", Content_Type="text/plain"), 400, "INVALID_JSON")


def test_the_checks_come_in_the_order_of_the_contract(server: Server, guarded: Account) -> None:
    wrong_type, foreign = ("Content-Type", "application/xml"), ("Origin", "https://evil.com")
    key, bad_json, xml = ("X-Api-Key", guarded.key), b"{", b"<a/>"

    assert request(server.port, "PUT", LEAD, [wrong_type], b"x" * 70_000).status == 405
    assert request(server.port, "POST", LEAD, [wrong_type], b"x" * 70_000).status == 413
    assert request(server.port, "POST", LEAD, [wrong_type, foreign], bad_json).status == 401
    assert request(server.port, "POST", LEAD, [key, wrong_type, foreign], xml).status == 403
    assert request(server.port, "POST", LEAD, [key, wrong_type], xml).status == 415
    assert request(server.port, "POST", LEAD, [key], bad_json).status == 400


def test_a_connection_serves_one_request_after_the_other(server: Server, account: Account) -> None:
    one = HEAD + f"X-Api-Key: {account.key}\r\nContent-Length: 2\r\n\r\n{{}}".encode()
    with Connection(server.port) as connection:
        connection.send(one * 3)  # pipelined, too
        answers = [connection.receive() for _ in range(3)]

    assert [answer.status for answer in answers if answer] == [201, 201, 201]
    ids = [answer.headers["x-request-id"] for answer in answers if answer]
    assert len(set(ids)) == 3
