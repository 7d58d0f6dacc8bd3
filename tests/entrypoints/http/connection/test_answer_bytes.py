"""The bytes of an answer, and which answers are left to Sanic."""

from types import SimpleNamespace

import pytest
from sanic import HTTPResponse
from sanic.http import Stage

from entrypoints.http.connection.answer_bytes import in_one_piece
from entrypoints.http.connection.http1 import Http1

JSON = "application/json"


def an_answer(body: bytes | None = b"{}", status: int = 200, **headers: str) -> HTTPResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HTTPResponse(body, status, named, JSON)


def test_an_answer_is_its_status_its_headers_as_they_are_and_its_body() -> None:
    answer = in_one_piece(an_answer(b'{"a":1}', 201, X_Request_Id="req_1"), keep_alive=True)

    assert answer == (
        b"HTTP/1.1 201 Created\r\n"
        b"X-Request-Id: req_1\r\n"
        b"content-type: application/json\r\n"
        b"content-length: 7\r\n"
        b"connection: keep-alive\r\n"
        b"\r\n"
        b'{"a":1}'
    )


def test_an_answer_says_whether_the_connection_ends() -> None:
    answer = in_one_piece(an_answer(), keep_alive=False)

    assert answer is not None
    assert b"\r\nconnection: close\r\n\r\n{}" in answer


def test_a_kind_that_was_given_among_the_headers_is_the_one() -> None:
    answer = in_one_piece(an_answer(content_type="text/html"), keep_alive=True)

    assert answer is not None
    assert answer.count(b"content-type: ") == answer.count(b"content-type: text/html") == 1


def test_a_header_that_comes_twice_is_sent_twice() -> None:
    response = an_answer()
    response.headers.add("set-cookie", "a=1")
    response.headers.add("set-cookie", "b=2")
    answer = in_one_piece(response, keep_alive=True)

    assert answer is not None
    assert b"\r\nset-cookie: a=1\r\nset-cookie: b=2\r\n" in answer


def test_a_value_has_the_bytes_that_it_came_in() -> None:
    answer = in_one_piece(an_answer(x_a="ë\udcff"), keep_alive=True)

    assert answer is not None
    assert b"x-a: \xc3\xab\xff\r\n" in answer


@pytest.mark.parametrize(
    "response",
    [
        an_answer(None),
        an_answer(b""),
        an_answer(content_length="1"),
        an_answer(transfer_encoding="chunked"),
        an_answer(connection="upgrade"),
        an_answer(Content_Length="2"),
        an_answer(TRANSFER_ENCODING="chunked"),
        an_answer(Connection="close"),
        *(an_answer(x_a=f"a{end}b") for end in ("\r", "\n", "\r\n", "\r\nx-evil: 1")),
        *(an_answer(**{f"x{end}a": "b"}) for end in ("\r", "\n", "\r\nx-evil: 1\r\n")),
    ],
    ids=repr,
)
def test_what_has_something_special_in_mind_is_left_to_sanic(response: HTTPResponse) -> None:
    assert in_one_piece(response, keep_alive=True) is None


async def sent(response: HTTPResponse, method: str = "GET") -> bytes:
    """What a connection sends as this answer, which Sanic writes or we do."""
    written: list[bytes] = []

    async def send(data: bytes) -> None:
        written.append(bytes(data))

    http = Http1.__new__(Http1)
    http.protocol = SimpleNamespace(send=send, eof=False, access_log=False)
    http._send = send
    http.whole = http.keep_alive = True
    http.expecting_continue, http.head_only = False, method == "HEAD"
    http.stage, http.response_func = Stage.HANDLER, http.http1_response_header
    response.stream = http
    http.response = response
    await http.http1_response_header(b"", end_stream=True)
    assert http.stage is Stage.IDLE
    return b"".join(written)


async def test_a_line_end_in_a_header_makes_no_header_of_its_own() -> None:
    answer = await sent(an_answer(x_a="a\r\nx-evil: 1"))
    head, _, body = answer.partition(b"\r\n\r\n")

    assert b"\r\nx-evil" not in head
    assert b"\r\nx-a: a" in head
    assert body == b"{}"


async def test_an_answer_that_we_write_says_what_sanic_would_say() -> None:
    ours = await sent(an_answer(X_Request_Id="req_1"))
    theirs = await sent(an_answer(X_Request_Id="req_1", content_length="2"))

    assert in_one_piece(an_answer(X_Request_Id="req_1"), keep_alive=True) == ours
    assert lines(ours) == lines(theirs) - {b"alt-svc: "}


async def test_an_answer_to_head_has_all_but_the_body() -> None:
    head = await sent(an_answer(), "HEAD")

    assert head.endswith(b"\r\n\r\n")
    assert lines(head + b"{}") == lines(await sent(an_answer())) | {b"alt-svc: "}


def lines(answer: bytes) -> set[bytes]:
    return {*answer.split(b"\r\n")}


@pytest.mark.parametrize("status", [103, 204, 304, 599])
def test_a_status_without_a_body_and_one_that_nobody_knows_are_left_to_sanic(status: int) -> None:
    assert in_one_piece(an_answer(b"x", status), keep_alive=True) is None
