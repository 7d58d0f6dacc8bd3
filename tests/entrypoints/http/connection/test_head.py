"""What is read of a head, and what is refused; `test_framing` sends the same to a server."""

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sanic.compat import Header
from sanic.exceptions import BadRequest, PayloadTooLarge
from sanic.http import Http

from entrypoints.http.connection.head import Head, read_head

FIRST = b"POST /lead HTTP/1.1"
HOST = b"Host: x"


def head(*fields: bytes, first: bytes = FIRST) -> bytes:
    return b"\r\n".join([first, HOST, *fields])


def headers_of(found: Head) -> list[tuple[str, str]]:
    return [*found.headers.items()]


def test_a_head_is_read_into_its_parts() -> None:
    found = read_head(head(b"Content-Length: 12", b"X-A: b c", first=b"PUT /a?b=%20 HTTP/1.0"))

    assert found[:3] == ("PUT", b"/a?b=%20", "1.0")
    assert headers_of(found) == [("Host", "x"), ("Content-Length", "12"), ("X-A", "b c")]
    assert found.headers["x-a"] == "b c"
    assert found.length == 12


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (b"X-A:b", "b"),
        (b"X-A: \t b \t", "b \t"),
        (b"X-A:", ""),
        (b"X-A: ", ""),
        (b"X-A: b:c: d", "b:c: d"),
        (b"!#$%&'*+.^_`|~-:b", "b"),
        ("X-A: ë".encode(), "ë"),
        (b"X-A: \xff", "\udcff"),
        (b"X-A:\xc2\xa0b", "\xa0b"),
    ],
)
def test_a_value_is_what_comes_after_the_colon_and_the_blanks(field: bytes, value: str) -> None:
    assert headers_of(read_head(head(field)))[1][1] == value


def test_a_header_that_comes_twice_is_kept_twice_whatever_its_letters() -> None:
    found = read_head(head(b"X-A: 1", b"x-a: 2"))

    assert found.headers.getall("X-a") == ["1", "2"]


@pytest.mark.parametrize(
    "first",
    [
        *(b"", b"GET", b"GET /", b" GET / HTTP/1.1", b"GET  / HTTP/1.1", b"GET / HTTP/1.1 "),
        *(b"GET / HTTP/2.0", b"GET / HTTP/1.2", b"GET / http/1.1", b"GET / HTTP/1.1\n"),
        *(b"GET /\x7f HTTP/1.1", b"GET /\xe9 HTTP/1.1", b"G(T / HTTP/1.1", b"GET\t/ HTTP/1.1"),
    ],
)
def test_a_first_line_that_is_none_is_refused(first: bytes) -> None:
    with pytest.raises(BadRequest):
        read_head(head(first=first))


@pytest.mark.parametrize(
    "field",
    [
        *(b"X-A", b"X-A : b", b" X-A: b", b": b", b"X A: b", b"X\xe9: b", b"X-A: b\r\n folded"),
        *(b"X-A: b\nX-B: c", b"X-A: b\rX-B: c", b"X-A: \0", b"X-A: \x0b", b"X-A: \x7f"),
        b"X-A: b\r\n",
    ],
)
def test_a_header_that_may_be_read_in_two_ways_is_refused(field: bytes) -> None:
    with pytest.raises(BadRequest):
        read_head(head(field))


@pytest.mark.parametrize(
    ("fields", "length"),
    [
        ([], 0),
        ([b"Content-Length: 0"], 0),
        ([b"content-LENGTH:\t007 "], 7),
        ([b"Content-Length: " + b"9" * 18], 10**18 - 1),
        ([b"Transfer-Encoding: chunked"], None),
        ([b"transfer-encoding:CHUNKED "], None),
    ],
)
def test_a_body_has_its_length_or_comes_in_chunks(fields: list[bytes], length: int | None) -> None:
    assert read_head(head(*fields)).length == length


@pytest.mark.parametrize(
    "fields",
    [
        [b"Content-Length:"],
        [b"Content-Length: -1"],
        [b"Content-Length: +1"],
        [b"Content-Length: 1, 1"],
        [b"Content-Length: 1_0"],
        [b"Content-Length: 0x1"],
        [b"Content-Length: \xc2\xb2"],
        ["Content-Length: \uff11".encode()],
        [b"Content-Length: " + b"1" * 19],
        [b"Content-Length: " + b"1" * 5_000],
        [b"Content-Length: 1", b"content-length: 1"],
        [b"Content-Length: 1", b"Transfer-Encoding: chunked"],
        [b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked"],
        [b"Transfer-Encoding: gzip"],
        [b"Transfer-Encoding: gzip, chunked"],
        [b"Transfer-Encoding: \x0bchunked"],
        [b"Transfer-Encoding: chun\xe2\x84\xaaed"],
    ],
)
def test_a_body_of_which_nobody_knows_where_it_ends_is_refused(fields: list[bytes]) -> None:
    with pytest.raises(BadRequest):
        read_head(head(*fields))


@pytest.mark.parametrize(("version", "hosts"), [(b"1.0", 0), (b"1.0", 1), (b"1.1", 1)])
def test_so_many_hosts_are_one_at_most(version: bytes, hosts: int) -> None:
    read_head(b"\r\n".join([b"GET / HTTP/" + version, *[HOST] * hosts]))


@pytest.mark.parametrize(("version", "hosts"), [(b"1.0", 2), (b"1.1", 0), (b"1.1", 2)])
def test_a_head_without_the_host_that_it_needs_or_with_two_is_refused(
    version: bytes, hosts: int
) -> None:
    with pytest.raises(BadRequest):
        read_head(b"\r\n".join([b"GET / HTTP/" + version, *[HOST] * hosts]))


def test_version_1_0_knows_no_chunks() -> None:
    with pytest.raises(BadRequest):
        read_head(head(b"Transfer-Encoding: chunked", first=b"POST / HTTP/1.0"))


def test_200_headers_are_read_and_one_more_is_refused() -> None:
    fields = [b"X-%d: %d" % (number, number) for number in range(199)]

    assert len(read_head(head(*fields)).headers) == 200
    with pytest.raises(PayloadTooLarge):
        read_head(head(*fields, b"X: 1"))


@pytest.mark.parametrize(
    ("version", "fields", "keeps"),
    [
        (b"1.1", [], True),
        (b"1.0", [], False),
        (b"1.1", [b"Connection: close"], False),
        (b"1.1", [b"Connection: Close"], False),
        (b"1.0", [b"Connection: Keep-Alive"], True),
        (b"1.1", [b"Connection: keep-alive", b"Connection: close"], False),
        (b"1.0", [b"connection: close", b"Connection: keep-alive"], True),
        (b"1.1", [b"Connection:"], False),
        (b"1.1", [b"Connection: upgrade"], False),
    ],
)
def test_the_last_connection_header_says_whether_another_request_may_come(
    version: bytes, fields: list[bytes], keeps: bool
) -> None:
    assert read_head(head(*fields, first=b"GET / HTTP/" + version)).keeps_alive is keeps


class Made(SimpleNamespace):
    """In place of a request: what Sanic would make one of."""

    _current = SimpleNamespace(set=lambda _: None)


class SanicsReading(Http):
    """What Sanic itself reads of a head, without a connection."""

    HEADER_MAX_SIZE = 65_536

    def __init__(self, arrived: bytes) -> None:
        self.recv_buffer = bytearray(arrived)
        self.protocol: Any = SimpleNamespace(
            app=SimpleNamespace(config=SimpleNamespace(KEEP_ALIVE=True)),
            request_class=Made,
            transport=None,
            state={"requests_count": 0},
        )
        self.request_body = None
        with pytest.raises(StopIteration):
            self.http1_request_header().send(None)

    async def dispatch(self, *_: Any, **__: Any) -> None: ...


def lower(headers: Header) -> list[tuple[str, str]]:
    return [(name.lower(), value) for name, value in headers.items()]


NAMES = st.sampled_from(["X-A", "accept", "COOKIE", "Origin", "x-forwarded-for"])
VALUES = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=10)
CONNECTIONS = st.sampled_from(["keep-alive", "Keep-Alive", "close", "upgrade", ""])
FIELDS = st.tuples(NAMES, VALUES) | st.tuples(st.just("Connection"), CONNECTIONS)
BLANKS = st.sampled_from(["", " ", "\t", "  "])
FRAMINGS = st.sampled_from(
    ["", "Content-Length: 0\r\n", "content-length:42\r\n", "Transfer-Encoding: chunked\r\n"]
)


@given(
    first=st.sampled_from(["GET / HTTP/1.1", "POST /a?b=c HTTP/1.1", "HEAD /a HTTP/1.0"]),
    fields=st.lists(st.tuples(FIELDS, BLANKS), max_size=5),
    framing=FRAMINGS,
)
def test_a_plain_head_says_to_us_what_it_says_to_sanic(
    first: str, fields: list[tuple[tuple[str, str], str]], framing: str
) -> None:
    if first.endswith("1.0"):
        framing = ""
    text = f"{first}\r\nHost: x\r\n{framing}"
    text += "".join(f"{name}:{blank}{value}\r\n" for (name, value), blank in fields)

    ours = read_head(text[:-2].encode())
    theirs = SanicsReading(f"{text}\r\n".encode())

    made: Any = theirs.request
    assert ours[:3] == (made.method, made.url_bytes, made.version)
    assert lower(ours.headers) == lower(made.headers)
    assert ours.keeps_alive == theirs.keep_alive
    assert ours.length == (None if theirs.request_body == "chunked" else theirs.request_bytes_left)
